package org.libproc4j.freezer;

import java.util.List;

/** One means of making processes stand still. Used by the freezer's thread alone. */
interface Hold {
  int UNKNOWN = -1;

  /** Which means it is. */
  Backend backend();

  /** A new look at all processes begins. */
  default void begin(Pass pass) throws Setback {}

  /**
   * Directs a process to stop: one that is new, or no longer stands still. In one pass it names no
   * process twice that is to be looked at first.
   */
  Verdict take(int pid, Pass pass) throws Setback;

  /** Whether a process that was taken, and has settled, still stands still with all its threads. */
  boolean standsStill(int pid, Pass pass);

  /**
   * Waits until all that was taken stands still.
   *
   * @param patience how long
   * @return the threads that do not, by then
   */
  List<Straggler> settle(Patience patience) throws Setback;

  /** How many threads of a process are held; {@link #UNKNOWN} if they are to be counted. */
  default int threads(int pid) {
    return UNKNOWN;
  }

  /** Whether a process that is held may be seized for a moment, and stands still all the same. */
  default boolean allowsTouch(int pid) {
    return false;
  }

  /** How many of those threads were in a call that is made to go on. */
  default int mended() {
    return 0;
  }

  /** How many are known to notice that they were held. */
  default int noticed() {
    return 0;
  }

  /**
   * Lets all go, whatever its state, also after a failure.
   *
   * @return what could not be set running, in words
   */
  List<String> release();

  /** A thread that did not stop in time. */
  record Straggler(int pid, int tid, String reason) {}
}
