package org.libproc4j.soak;

import static org.libproc4j.testing.Signals.SIGUSR1;
import static org.libproc4j.testing.Signals.SIGWINCH;

import org.libproc4j.Errno;
import org.libproc4j.RunFlag;

/** Setting a process running. */
final class Running {
  private Running() {}

  static void setRun(Game game, Animal animal, Dice dice) {
    if (run(animal, 0)) {
      if (dice.oneIn(2)) {
        animal.assertRuns();
      }
    }
  }

  static void setRunWithSignal(Game game, Animal animal, Dice dice) {
    if (animal.species == Species.FAULTER) {
      return; // without its breakpoint's signal it would think itself damaged
    }
    animal.mayLackSignal();
    int signal = animal.species == Species.SIGNALS && dice.oneIn(2) ? SIGUSR1 : SIGWINCH;
    boolean _ = run(animal, signal);
  }

  static void setRunWithoutSignal(Game game, Animal animal, Dice dice) {
    if (animal.species == Species.FAULTER) {
      return; // likewise
    }
    animal.mayLackSignal();
    boolean _ = run(animal, 0, RunFlag.PRCSIG);
  }

  static void step(Game game, Animal animal, Dice dice) {
    if (animal.species == Species.FAULTER) {
      return; // stepped in its handler, where SIGTRAP is blocked, it would lose that handler
    }
    boolean _ = run(animal, 0, RunFlag.PRSTEP);
  }

  private static boolean run(Animal animal, int signal, RunFlag... flags) {
    boolean step = flags.length > 0 && flags[0] == RunFlag.PRSTEP;
    Errno result = animal.process().setRun(signal, flags);
    animal.check(result, Errno.OK, animal.isHeld() ? Errno.OK : Errno.EBUSY);
    if (result.isOk()) {
      if (step) {
        animal.mayStep();
      } else {
        animal.mayRun();
      }
    }
    return result.isOk();
  }
}
