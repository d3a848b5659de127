package org.libproc4j.soak;

import java.util.EnumSet;
import java.util.Set;
import org.libproc4j.Errno;
import org.libproc4j.ErrnoException;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.ReleaseOption;
import org.libproc4j.StopRequest;

/** Taking control, and giving it up. */
final class Leaving {
  /** After a second a release returns, even if it is not done. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private Leaving() {}

  // ---- taking control

  static void grab(Game game, Animal animal, Dice dice) {
    Set<GrabOption> options = EnumSet.noneOf(GrabOption.class);
    if (dice.oneIn(3) || animal.maySleepDeeply()) {
      options.add(GrabOption.NOSTOP);
    }
    if (dice.oneIn(8)) {
      options.add(dice.of(GrabOption.RETAIN, GrabOption.FORCE));
    }
    try {
      ProcessHandle process = game.grab(animal, options.toArray(new GrabOption[0]));
      animal.grabbed(process);
      if (!options.contains(GrabOption.NOSTOP)) {
        animal.require(
            process.state() == ProcessState.STOP || animal.mayEnd, "a grab stops the process");
        animal.directed();
      }
    } catch (GrabException e) {
      refused(animal, e);
    }
  }

  private static void refused(Animal animal, GrabException e, GrabError... permitted) {
    boolean ended = e.error() == GrabError.G_NOPROC || e.error() == GrabError.G_ZOMB;
    if (!(ended && animal.mayEnd) && !Set.of(permitted).contains(e.error())) {
      throw new AssertionError(
          animal + ": cannot be grabbed: " + e.error() + ", " + e.getMessage());
    }
    if (!animal.mayEnd && animal.isFree()) {
      animal.require(animal.target.tracerPid() == 0, "a failed grab leaves no thread seized");
    }
  }

  static void grabInterrupted(Game game, Animal animal, Dice dice) {
    if (animal.maySleepDeeply()) {
      return;
    }
    Thread.currentThread().interrupt();
    try {
      animal.grabbed(game.grab(animal));
      animal.directed();
    } catch (GrabException e) {
      refused(animal, e, GrabError.G_INTR);
    } finally {
      boolean flag = Thread.interrupted();
      animal.require(flag, "the interrupt flag stays set");
    }
  }

  static void grabTwice(Game game, Animal animal, Dice dice) {
    if (animal.lost
        || animal.process().state() == ProcessState.LOST
        || animal.mayExecuteUnheard()) {
      return;
    }
    try (ProcessHandle second = ProcessHandle.grab(animal.target.pid(), GrabOption.NOSTOP)) {
      throw new AssertionError(animal + ": grabbed twice, as " + second);
    } catch (GrabException e) {
      refused(animal, e, GrabError.G_BUSY);
    }
  }

  static void grabReadOnly(Game game, Animal animal, Dice dice) {
    try (ProcessHandle process = ProcessHandle.grab(animal.target.pid(), GrabOption.RDONLY)) {
      animal.check(process.stop(StopRequest.PCNULL, 0), Errno.OK);
      animal.check(process.stop(), Errno.EBADF);
      animal.check(process.setRun(), Errno.EBADF);
      try {
        animal.require(
            process.status().pid() == animal.target.pid(), "its status is about the process");
      } catch (ErrnoException e) {
        animal.check(e.errno());
      }
    } catch (GrabException e) {
      refused(animal, e);
    }
  }

  static void reopen(Game game, Animal animal, Dice dice) {
    ProcessHandle process = animal.process();
    boolean own = !game.hasTracer() || dice.oneIn(3);
    Errno result = own ? process.reopen() : process.reopen(game.tracer());
    if (animal.check(result, Errno.OK).isOk()) {
      animal.reopened(own || game.isShared(), !own && game.byTgkill(), own);
      animal.require(
          process.state() == ProcessState.RUN
              || process.state() == ProcessState.STOP
              || animal.mayEnd,
          "it is ours again");
    }
  }

  // ---- giving it up

  static void release(Game game, Animal animal, Dice dice) {
    release(animal);
  }

  static void release(Animal animal) {
    leave(animal);
  }

  static void releaseHang(Game game, Animal animal, Dice dice) {
    if (animal.maySleepDeeply() || animal.lost) {
      return;
    }
    animal.noteHung();
    leave(animal, ReleaseOption.HANG);
    if (dice.oneIn(2) && !animal.mayEnd) {
      Outside.carryOn(game, animal, dice);
    }
  }

  static void releaseKill(Game game, Animal animal, Dice dice) {
    if (dice.oneIn(3) && !animal.lost) {
      animal.mayEnd = true;
      leave(animal, ReleaseOption.KILL);
    }
  }

  private static void leave(Animal animal, ReleaseOption... options) {
    ProcessHandle process = animal.process();
    if (!animal.shared) {
      animal.endVfork(); // nobody would listen when its leader wakes
    }
    long begin = System.nanoTime();
    process.release(options);
    boolean late = System.nanoTime() - begin > PATIENCE_NANOS;
    Errno after = process.stop();
    animal.require(after == Errno.EBADF, "a released handle gives EBADF, not " + after);
    animal.released(late);
  }

  static void closeTracer(Game game, Animal animal, Dice dice) {
    if (!game.mayCloseTracer() || animal.lost) {
      return;
    }
    game.animals.forEach(Animal::endVfork);
    game.closeTracer();
    tracerClosed(game);
  }

  /** What was the tracer's is lost, and runs on as it was found. */
  static void tracerClosed(Game game) {
    for (Animal animal : game.animals) {
      if (!animal.isFree() && !animal.hasOwnTracer) {
        animal.loses();
        Errno result = animal.process().stop();
        animal.check(result, Errno.EAGAIN);
      }
    }
  }
}
