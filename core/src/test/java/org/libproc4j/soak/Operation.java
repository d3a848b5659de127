package org.libproc4j.soak;

import java.util.Arrays;
import java.util.List;

/** What can be done to a target, and how often it is, compared with the others. */
enum Operation {
  GRAB(30, Needs.FREEDOM, Leaving::grab),
  GRAB_INTERRUPTED(1, Needs.FREEDOM, Leaving::grabInterrupted),
  GRAB_TWICE(1, Needs.CONTROL, Leaving::grabTwice),
  GRAB_READ_ONLY(2, Needs.NOTHING, Leaving::grabReadOnly),
  CREATE(1, Needs.NOTHING, Creating::create),

  STOP(20, Needs.CONTROL, Stopping::stop),
  STOP_FOR_A_TIME(8, Needs.CONTROL, Stopping::stopForATime),
  REQUEST_STOP(8, Needs.CONTROL, Stopping::requestStop),
  AWAIT_STOP(8, Needs.CONTROL, Stopping::awaitStop),
  LOOK(4, Needs.CONTROL, Stopping::look),
  STATUS(4, Needs.CONTROL, Stopping::status),
  STOP_INTERRUPTED(2, Needs.CONTROL, Stopping::stopInterrupted),
  AWAIT_STOP_AND_INTERRUPT(2, Needs.CONTROL, Stopping::awaitStopAndInterrupt),
  AWAIT_STOP_AND_CLOSE(2, Needs.CONTROL, Stopping::awaitStopAndClose),
  AWAIT_STOP_AND_CLOSE_TRACER(1, Needs.CONTROL, Stopping::awaitStopAndCloseTracer),
  AWAIT_STOP_OF_ANOTHER(4, Needs.CONTROL, Stopping::awaitStopOfAnother),
  STOP_AND_KILL(1, Needs.CONTROL, Stopping::stopAndKill),
  AWAIT_END(2, Needs.CONTROL, Stopping::awaitEnd),
  CROWD(2, Needs.CONTROL, Stopping::crowd),
  WRONG_THREAD(1, Needs.CONTROL, Stopping::wrongThread),

  SET_RUN(24, Needs.CONTROL, Running::setRun),
  SET_RUN_WITH_SIGNAL(3, Needs.CONTROL, Running::setRunWithSignal),
  SET_RUN_WITHOUT_SIGNAL(3, Needs.CONTROL, Running::setRunWithoutSignal),
  STEP(6, Needs.CONTROL, Running::step),

  LWP(12, Needs.CONTROL, Threads::grab),
  LWP_STOP(12, Needs.A_THREAD, Threads::stop),
  LWP_STOP_FOR_A_TIME(4, Needs.A_THREAD, Threads::stopForATime),
  LWP_REQUEST_STOP(4, Needs.A_THREAD, Threads::requestStop),
  LWP_AWAIT_STOP(4, Needs.A_THREAD, Threads::awaitStop),
  LWP_AWAIT_STOP_AND_CLOSE(1, Needs.A_THREAD, Threads::awaitStopAndClose),
  LWP_STATUS(2, Needs.A_THREAD, Threads::status),
  LWP_SET_RUN(10, Needs.A_THREAD, Threads::setRun),
  LWP_STEP(4, Needs.A_THREAD, Threads::step),
  LWP_CLOSE(4, Needs.A_THREAD, Threads::close),

  TRACE_SIGNALS(4, Needs.CONTROL, Tracing::signals),
  TRACE_FAULTS(3, Needs.CONTROL, Tracing::faults),
  TRACE_SYSTEM_CALLS(3, Needs.CONTROL, Tracing::systemCalls),
  TRACE_EVENTS(4, Needs.CONTROL, Tracing::events),
  TRACE_NOTHING(8, Needs.CONTROL, Tracing::nothing),
  ASYNC(2, Needs.CONTROL, Tracing::async),

  SIGNAL(6, Needs.NOTHING, Outside::signal),
  QUEUE(12, Needs.NOTHING, Outside::queue),
  JOB_STOP(5, Needs.NOTHING, Outside::jobStop),
  CONTINUE(8, Needs.NOTHING, Outside::carryOn),
  KILL(1, Needs.NOTHING, Outside::kill),
  TELL(12, Needs.NOTHING, Outside::tell),

  RELEASE(6, Needs.CONTROL, Leaving::release),
  RELEASE_HANG(2, Needs.CONTROL, Leaving::releaseHang),
  RELEASE_KILL(1, Needs.CONTROL, Leaving::releaseKill),
  CLOSE_TRACER(2, Needs.CONTROL, Leaving::closeTracer),
  REOPEN(30, Needs.LOSS, Leaving::reopen);

  /** In what state a target must be. */
  private enum Needs {
    NOTHING,
    FREEDOM,
    CONTROL,
    A_THREAD,
    LOSS;

    boolean areMet(Animal animal) {
      return switch (this) {
        case NOTHING -> true;
        case FREEDOM -> animal.isFree();
        case CONTROL -> !animal.isFree();
        case A_THREAD -> !animal.isFree() && !animal.lwps.isEmpty();
        case LOSS -> !animal.isFree() && animal.lost;
      };
    }
  }

  /** Does it, and checks what came of it. */
  @FunctionalInterface
  interface Action {
    void run(Game game, Animal animal, Dice dice) throws Exception;
  }

  private final int weight;
  private final Needs needs;

  @SuppressWarnings("ImmutableEnumChecker") // a method reference is
  private final Action action;

  Operation(int weight, Needs needs, Action action) {
    this.weight = weight;
    this.needs = needs;
    this.action = action;
  }

  /** One of those that can be done to this target now. */
  static Operation any(Animal animal, Dice dice) {
    List<Operation> possible =
        Arrays.stream(values()).filter(operation -> operation.needs.areMet(animal)).toList();
    int left = dice.below(possible.stream().mapToInt(operation -> operation.weight).sum());
    for (Operation operation : possible) {
      left -= operation.weight;
      if (left < 0) {
        return operation;
      }
    }
    throw new AssertionError(left);
  }

  void run(Game game, Animal animal, Dice dice) throws Exception {
    action.run(game, animal, dice);
  }
}
