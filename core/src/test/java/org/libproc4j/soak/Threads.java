package org.libproc4j.soak;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.libproc4j.Errno;
import org.libproc4j.ErrnoException;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.LwpHandle;
import org.libproc4j.LwpStatus;
import org.libproc4j.ProcessState;
import org.libproc4j.RunFlag;
import org.libproc4j.StopRequest;
import org.libproc4j.testing.Meanwhile;

/** What can be done with one thread. */
final class Threads {
  private Threads() {}

  static void grab(Game game, Animal animal, Dice dice) {
    try {
      List<Integer> tids = animal.process().lwpIds();
      animal.require(!tids.isEmpty() || animal.mayEnd, "it has threads");
      if (tids.isEmpty()) {
        return;
      }
      animal.lwp(animal.process().lwp(dice.of(tids)));
    } catch (ErrnoException e) {
      animal.check(e.errno());
    } catch (GrabException e) {
      animal.require(
          e.error() == GrabError.G_BUSY
              || (e.error() == GrabError.G_NOPROC
                  && (animal.threadsMayEnd() || animal.mayEnd || animal.lost)),
          "a thread cannot be grabbed: " + e.getMessage());
    }
  }

  private static Animal.Lwp any(Animal animal, Dice dice) {
    return dice.of(List.copyOf(animal.lwps.values()));
  }

  private static Errno check(Animal animal, Animal.Lwp lwp, Errno result, Errno... permitted) {
    if (result == Errno.ENOENT && animal.threadsMayEnd()) {
      animal.require(
          lwp.handle.state() == ProcessState.UNDEAD || animal.lost, "ENOENT means that it ended");
      return result;
    }
    return animal.check(result, permitted);
  }

  static void stop(Game game, Animal animal, Dice dice) {
    if (animal.maySleepDeeply()) {
      stopForATime(game, animal, dice);
      return;
    }
    Animal.Lwp lwp = any(animal, dice);
    if (check(animal, lwp, lwp.handle.stop(), Errno.OK).isOk()) {
      ProcessState state = lwp.handle.state();
      animal.require(
          state == ProcessState.STOP || (state == ProcessState.UNDEAD && animal.mayEnd),
          "OK means that the thread is stopped");
      animal.stopped(lwp);
    }
  }

  static void stopForATime(Game game, Animal animal, Dice dice) {
    Animal.Lwp lwp = any(animal, dice);
    Errno result = lwp.handle.stop(StopRequest.PCSTOP, dice.millis());
    if (check(animal, lwp, result, Errno.OK).isOk()) {
      animal.stopped(lwp);
    }
  }

  static void requestStop(Game game, Animal animal, Dice dice) {
    Animal.Lwp lwp = any(animal, dice);
    check(animal, lwp, lwp.handle.requestStop(), Errno.OK);
  }

  static void awaitStop(Game game, Animal animal, Dice dice) {
    Animal.Lwp lwp = any(animal, dice);
    check(animal, lwp, lwp.handle.stop(StopRequest.PCWSTOP, dice.millis()), Errno.OK);
  }

  static void awaitStopAndClose(Game game, Animal animal, Dice dice) {
    if (!animal.shared) {
      return;
    }
    Animal.Lwp lwp = any(animal, dice);
    long nanos = dice.nanos();
    LwpHandle handle = lwp.handle;
    Errno result;
    try (Meanwhile _ =
        Meanwhile.run(
            () -> {
              LockSupport.parkNanos(nanos);
              handle.close();
            })) {
      result = handle.awaitStop();
    }
    check(animal, lwp, result, Errno.OK, Errno.EBADF);
    animal.lwps.remove(handle.id());
  }

  static void status(Game game, Animal animal, Dice dice) {
    Animal.Lwp lwp = any(animal, dice);
    try {
      LwpStatus status = lwp.handle.status();
      animal.require(status.id() == lwp.handle.id(), "it is about the thread");
      animal.require(
          status.state() != ProcessState.STOP || status.reason().isPresent(),
          "a stop has a reason");
    } catch (ErrnoException e) {
      animal.check(e.errno());
    }
  }

  static void setRun(Game game, Animal animal, Dice dice) {
    run(animal, any(animal, dice));
  }

  static void step(Game game, Animal animal, Dice dice) {
    if (animal.species == Species.FAULTER) {
      return; // as for the process
    }
    run(animal, any(animal, dice), RunFlag.PRSTEP);
  }

  private static void run(Animal animal, Animal.Lwp lwp, RunFlag... flags) {
    boolean held = animal.isHeld() && lwp.handle.state() == ProcessState.STOP;
    Errno result = lwp.handle.setRun(0, flags);
    check(animal, lwp, result, Errno.OK, held && !animal.mayEnd ? Errno.OK : Errno.EBUSY);
    if (result.isOk()) {
      animal.mayRun(lwp);
    }
  }

  static void close(Game game, Animal animal, Dice dice) {
    Animal.Lwp lwp = any(animal, dice);
    lwp.handle.close();
    Errno result = lwp.handle.stop();
    animal.require(result == Errno.EBADF, "a closed handle gives EBADF, not " + result);
    animal.lwps.remove(lwp.handle.id());
  }
}
