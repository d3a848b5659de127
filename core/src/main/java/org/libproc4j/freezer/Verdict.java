package org.libproc4j.freezer;

/** What a {@link Hold} says when it is offered a process. */
sealed interface Verdict {
  /** It has been directed to stop; {@link Hold#settle} tells whether it does. */
  Verdict TAKEN = new Taken();

  /** It has vanished. */
  Verdict GONE = new Gone();

  /** Held. */
  record Taken() implements Verdict {}

  /** Vanished. */
  record Gone() implements Verdict {}

  /** There is nothing to freeze about it. */
  record Spared(String reason) implements Verdict {}

  /** Another process is to be looked at first. */
  record After(int pid) implements Verdict {}

  /** It cannot be frozen in this way: which thread, and why. */
  record Refused(int tid, String reason) implements Verdict {}
}
