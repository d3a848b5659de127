package org.libproc4j.soak;

import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTSTP;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.libproc4j.Errno;
import org.libproc4j.ErrnoException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.ProcessStatus;
import org.libproc4j.StopRequest;
import org.libproc4j.testing.Meanwhile;

/** Stopping a process, waiting for its stop, looking at it. */
final class Stopping {
  private Stopping() {}

  static void stop(Game game, Animal animal, Dice dice) {
    if (animal.maySleepDeeply()) {
      stopForATime(game, animal, dice);
      return;
    }
    Errno result = animal.check(animal.process().stop(), Errno.OK);
    stopped(animal, result);
  }

  /** After a stop without a limit, and without an interrupt. */
  private static void stopped(Animal animal, Errno result) {
    if (result.isOk()) {
      ProcessState state = animal.process().state();
      animal.require(
          state == ProcessState.STOP || (animal.mayEnd && state == ProcessState.UNDEAD),
          "OK means that it is stopped");
      animal.directed();
    }
  }

  static void stopForATime(Game game, Animal animal, Dice dice) {
    Errno result =
        dice.oneIn(4)
            ? animal.process().stop(Duration.ofNanos(1 + dice.nanos()))
            : animal.process().stop(StopRequest.PCSTOP, dice.millis());
    if (animal.check(result, Errno.OK).isOk()) {
      animal.directed();
    }
  }

  static void requestStop(Game game, Animal animal, Dice dice) {
    if (animal.check(animal.process().requestStop(), Errno.OK).isOk()) {
      animal.directed();
    }
  }

  static void awaitStop(Game game, Animal animal, Dice dice) {
    animal.check(animal.process().stop(StopRequest.PCWSTOP, dice.millis()), Errno.OK);
  }

  static void look(Game game, Animal animal, Dice dice) {
    Errno result = animal.process().stop(StopRequest.PCNULL, dice.below(3));
    animal.require(result == Errno.OK, "PCNULL gives OK, not " + result);
  }

  static void status(Game game, Animal animal, Dice dice) {
    ProcessHandle process = animal.process();
    try {
      ProcessStatus status = process.status();
      animal.require(!animal.lost, "a lost process has no status");
      animal.require(status.pid() == animal.target.pid(), "it is about the process");
      animal.require(
          !animal.isHeld() || animal.mayEnd || status.state() == ProcessState.STOP, "it says STOP");
      List<Integer> tids = process.lwpIds();
      animal.require(
          !animal.isHeld() || animal.mayEnd || tids.size() == status.lwpCount(),
          "it has " + tids + ", not " + status.lwpCount());
    } catch (ErrnoException e) {
      animal.check(e.errno());
    }
  }

  static void stopInterrupted(Game game, Animal animal, Dice dice) {
    if (animal.maySleepDeeply()) {
      return;
    }
    Thread.currentThread().interrupt();
    Errno result = animal.process().stop();
    boolean flag = Thread.interrupted();
    animal.require(flag, "the interrupt flag stays set");
    animal.check(result, Errno.OK, Errno.EINTR);
    if (result == Errno.EINTR) {
      animal.directed();
    } else {
      stopped(animal, result);
    }
  }

  /** Something that ends a wait, at a random moment of it. */
  private static Meanwhile atSomeMoment(Dice dice, Meanwhile.Action action) {
    long nanos = dice.nanos();
    return Meanwhile.run(
        () -> {
          LockSupport.parkNanos(nanos);
          action.run();
        });
  }

  static void awaitStopAndInterrupt(Game game, Animal animal, Dice dice) {
    boolean direct = dice.oneIn(2) && !animal.maySleepDeeply();
    boolean flag;
    Errno result;
    try (Meanwhile _ = atSomeMoment(dice, Thread.currentThread()::interrupt)) {
      result = direct ? animal.process().stop() : animal.process().awaitStop();
      flag = Thread.currentThread().isInterrupted();
    }
    boolean _ = Thread.interrupted();
    animal.check(result, Errno.OK, Errno.EINTR);
    animal.require(result != Errno.EINTR || flag, "the interrupt flag stays set");
    if (direct && result != Errno.EAGAIN) {
      animal.directed();
    }
  }

  static void awaitStopAndClose(Game game, Animal animal, Dice dice) {
    ProcessHandle process = animal.process();
    if (!animal.shared) {
      return;
    }
    boolean direct = dice.oneIn(2) && !animal.maySleepDeeply();
    Errno result;
    try (Meanwhile _ = atSomeMoment(dice, process::close)) {
      result = direct ? process.stop() : process.awaitStop();
    }
    animal.check(result, Errno.OK, Errno.EBADF);
    Errno after = process.stop();
    animal.require(after == Errno.EBADF, "a released handle gives EBADF, not " + after);
    animal.released(true);
  }

  static void awaitStopAndCloseTracer(Game game, Animal animal, Dice dice) {
    boolean asleep = game.animals.stream().anyMatch(Animal::maySleepDeeply);
    if (!animal.shared || !game.mayCloseTracer() || animal.lost || animal.hasOwnTracer || asleep) {
      return;
    }
    Errno result;
    try (Meanwhile _ = atSomeMoment(dice, game::closeTracer)) {
      result = animal.process().awaitStop();
    }
    animal.check(result, Errno.OK, Errno.EAGAIN);
    Leaving.tracerClosed(game);
  }

  /** A wait for a stop that somebody else causes. */
  static void awaitStopOfAnother(Game game, Animal animal, Dice dice) {
    if (animal.lost) {
      animal.check(animal.process().awaitStop(), Errno.EAGAIN);
    }
    if (animal.job != Animal.Job.RUNNING
        || animal.mayEnd
        || animal.maySleepDeeply()
        || animal.mayExec // which may swallow the signal
        || (animal.async && animal.traced) // if it is the signal that is traced, one thread stops
        || animal.lost) {
      return;
    }
    int signal = animal.byTgkill || dice.oneIn(2) ? SIGSTOP : SIGTSTP;
    Errno result;
    try (Meanwhile _ = atSomeMoment(dice, () -> animal.send(signal))) {
      result = animal.process().awaitStop();
    }
    animal.check(result, Errno.OK);
    animal.require(
        result != Errno.OK || animal.process().state() == ProcessState.STOP, "OK means stopped");
  }

  static void stopAndKill(Game game, Animal animal, Dice dice) {
    boolean inVain = animal.maySleepDeeply();
    if (inVain && animal.traced) {
      return; // killed, its leader ends without a report, while the others may stop at their exit
    }
    animal.mayEnd = true;
    Errno result;
    try (Meanwhile _ = atSomeMoment(dice, () -> animal.target.sendIfAlive(SIGKILL))) {
      result = dice.oneIn(2) || inVain ? animal.process().awaitStop() : animal.process().stop();
    }
    animal.check(result, Errno.OK, Errno.ENOENT);
    if (!animal.lost) {
      if (animal.traced) { // it may have stopped at its exit
        Tracing.nothing(game, animal, dice);
        animal.check(animal.process().setRun(), Errno.OK, Errno.EBUSY);
      }
      animal.check(animal.process().awaitEnd(), Errno.OK);
      boolean ended = animal.process().state() == ProcessState.UNDEAD;
      animal.require(ended || animal.wasLostMeanwhile(), "after its end it is UNDEAD");
    }
  }

  static void awaitEnd(Game game, Animal animal, Dice dice) {
    Errno result = animal.process().awaitEnd(Duration.ofMillis(dice.millis()));
    animal.check(result, animal.mayEnd ? Errno.OK : Errno.ETIMEDOUT, Errno.ETIMEDOUT);
  }

  /** Several callers at once, who do not know of each other. */
  static void crowd(Game game, Animal animal, Dice dice) {
    if (!animal.shared || animal.lost) {
      return;
    }
    ProcessHandle process = animal.process();
    animal.mayRun();
    List<Meanwhile> callers = new ArrayList<>();
    for (int caller = 0; caller < 3; caller++) {
      Dice own = Dice.at(dice.below(Integer.MAX_VALUE), caller);
      callers.add(
          Meanwhile.run(
              () -> {
                for (int i = 0; i < 6; i++) {
                  oneOfACrowd(animal, process, own);
                }
              }));
    }
    callers.forEach(Meanwhile::close);
    animal.mayRun();
  }

  private static void oneOfACrowd(Animal animal, ProcessHandle process, Dice dice) {
    switch (dice.below(6)) {
      case 0, 1 -> animal.check(process.stop(StopRequest.PCSTOP, dice.millis()), Errno.OK);
      case 2 -> animal.check(process.setRun(), Errno.OK, Errno.EBUSY);
      case 3 -> animal.check(process.requestStop(), Errno.OK);
      case 4 -> animal.check(process.stop(StopRequest.PCWSTOP, dice.millis()), Errno.OK);
      default -> animal.check(process.stop(StopRequest.PCNULL, 0), Errno.OK);
    }
  }

  static void wrongThread(Game game, Animal animal, Dice dice) {
    if (animal.shared || animal.lost) {
      return;
    }
    ProcessHandle process = animal.process();
    try (Meanwhile _ =
        Meanwhile.run(
            () -> {
              try {
                Errno result = process.stop(StopRequest.PCSTOP, 1);
                animal.check(result); // that of a process that has ended
              } catch (WrongThreadException asItShouldBe) {
                return;
              }
            })) {
      animal.check(process.stop(StopRequest.PCNULL, 0), Errno.OK);
    }
  }
}
