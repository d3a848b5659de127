package org.libproc4j.soak;

import static org.libproc4j.testing.Signals.SIGCHLD;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTSTP;
import static org.libproc4j.testing.Signals.SIGTTIN;
import static org.libproc4j.testing.Signals.SIGTTOU;
import static org.libproc4j.testing.Signals.SIGUSR1;
import static org.libproc4j.testing.Signals.SIGWINCH;

import java.util.List;

/** What others do to a target, whether it is ours or not. */
final class Outside {
  /** The log of a target has its limits. */
  private static final int MOST_SIGNALS = 1000;

  private Outside() {}

  static void signal(Game game, Animal animal, Dice dice) {
    if (animal.mayEnd) {
      return;
    }
    boolean handles = animal.species == Species.SIGNALS && animal.signalsSent() < MOST_SIGNALS;
    animal.send(handles ? dice.of(SIGUSR1, SIGWINCH) : dice.of(SIGCHLD, SIGWINCH));
  }

  static void queue(Game game, Animal animal, Dice dice) {
    if (animal.species != Species.SIGNALS || animal.mayEnd) {
      return;
    }
    for (int i = dice.of(1, 2, 10); i > 0 && animal.signalsSent() < MOST_SIGNALS; i--) {
      animal.queue(dice.below(animal.target.slots()), SIGRTMIN + dice.below(4));
    }
  }

  static void jobStop(Game game, Animal animal, Dice dice) {
    if (!animal.mayEnd) {
      animal.send(dice.of(SIGSTOP, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU));
    }
  }

  static void carryOn(Game game, Animal animal, Dice dice) {
    if (!animal.mayEnd) {
      animal.send(SIGCONT);
    }
  }

  static void kill(Game game, Animal animal, Dice dice) {
    if (!animal.mayEnd && dice.oneIn(3)) {
      animal.send(SIGKILL);
    }
  }

  static void tell(Game game, Animal animal, Dice dice) {
    List<String> errands = animal.species.errands();
    if (!errands.isEmpty()) {
      boolean _ = animal.tell(dice.of(errands));
    }
  }
}
