package org.libproc4j.soak;

import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSEGV;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTRAP;
import static org.libproc4j.testing.Signals.SIGTSTP;
import static org.libproc4j.testing.Signals.SIGUSR1;
import static org.libproc4j.testing.Signals.SIGWINCH;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.libproc4j.Errno;
import org.libproc4j.ProcessFlag;
import org.libproc4j.ProcessHandle;
import org.libproc4j.TraceEvent;

/** The sets of what stops a process. */
final class Tracing {
  private static final int[] SIGNALS = {
    SIGUSR1, SIGWINCH, SIGRTMIN, SIGRTMIN + 1, SIGCONT, SIGSTOP, SIGTSTP
  };
  private static final int[] FAULTS = {SIGSEGV, SIGTRAP, 4, 8};

  /** Those that targets make again and again: getppid, read, nanosleep, clock_nanosleep, … */
  private static final int[] CALLS = {110, 0, 35, 230, 1, 56, 435, 57, 59, 60};

  private Tracing() {}

  private static int[] some(Dice dice, int... all) {
    return IntStream.of(all).filter(_ -> dice.oneIn(3)).toArray();
  }

  private static void chosen(Animal animal, Errno result) {
    if (animal.check(result, Errno.OK).isOk()) {
      animal.traces(true);
    }
  }

  static void signals(Game game, Animal animal, Dice dice) {
    chosen(animal, animal.process().traceSignals(some(dice, SIGNALS)));
  }

  static void faults(Game game, Animal animal, Dice dice) {
    chosen(animal, animal.process().traceFaults(some(dice, FAULTS)));
  }

  static void systemCalls(Game game, Animal animal, Dice dice) {
    chosen(animal, animal.process().traceSysEntry(some(dice, CALLS)));
    if (dice.oneIn(2)) {
      chosen(animal, animal.process().traceSysExit(some(dice, CALLS)));
    }
  }

  static void events(Game game, Animal animal, Dice dice) {
    Set<TraceEvent> events = EnumSet.noneOf(TraceEvent.class);
    for (TraceEvent event : TraceEvent.values()) {
      if (dice.oneIn(2)) {
        events.add(event);
      }
    }
    chosen(animal, animal.process().traceEvents(events.toArray(new TraceEvent[0])));
    animal.tracesExits(events.contains(TraceEvent.EXIT));
  }

  static void nothing(Game game, Animal animal, Dice dice) {
    ProcessHandle process = animal.process();
    Errno result = animal.check(process.traceSignals(), Errno.OK);
    animal.check(process.traceFaults(), Errno.OK);
    animal.check(process.traceSysEntry(), Errno.OK);
    animal.check(process.traceSysExit(), Errno.OK);
    animal.check(process.traceEvents(), Errno.OK);
    animal.tracesExits(false);
    setAsync(animal, false);
    if (result.isOk()) {
      animal.traces(false);
    }
  }

  static void async(Game game, Animal animal, Dice dice) {
    setAsync(animal, dice.oneIn(2));
  }

  private static void setAsync(Animal animal, boolean on) {
    ProcessHandle process = animal.process();
    animal.check(
        on ? process.setFlags(ProcessFlag.ASYNC) : process.unsetFlags(ProcessFlag.ASYNC), Errno.OK);
    animal.async = on;
  }
}
