package org.libproc4j.peers;

import java.time.Duration;
import java.util.List;

/**
 * How a peer is told to do something to a process.
 *
 * @param words its command line
 * @param there the line by which it says that it has done that, as a regular expression
 * @param letGo how it is told to undo it
 * @param limit how long each of the two may take
 */
record Command(List<String> words, String there, LetGo letGo, Duration limit) {
  static final Duration LIMIT = Duration.ofSeconds(15);

  enum LetGo {
    /** By a line on its standard input. */
    LINE,
    /** By a SIGINT, as by a person's control-C. */
    INTERRUPT
  }

  static Command untilLine(String there, List<String> words) {
    return new Command(words, there, LetGo.LINE, LIMIT);
  }

  static Command untilInterrupt(String there, List<String> words) {
    return new Command(words, there, LetGo.INTERRUPT, LIMIT);
  }
}
