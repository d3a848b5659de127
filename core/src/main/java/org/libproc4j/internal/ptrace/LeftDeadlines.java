package org.libproc4j.internal.ptrace;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Registers;

/**
 * When the time of mended calls is over whose threads were let go: one that is grabbed and released
 * again and again must not wait for ever. Shared by all tracers.
 *
 * <p>An entry counts for the call that it was made for, which the {@linkplain Registers#isSigned
 * sign} in the thread's flags, its stack pointer and its program counter tell.
 */
final class LeftDeadlines {
  private static final int MOST = 20_000;

  private record Left(long stackPointer, long instructionPointer, long deadline, int timedOut) {}

  private static final Map<Integer, Left> LEFT =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Left> eldest) {
          return size() > MOST;
        }
      };

  private LeftDeadlines() {}

  /** Keeps what is known of a call of a thread that is let go. */
  static void leave(int tid, Registers registers, BlockedCall call) {
    Left left =
        new Left(
            registers.stackPointer(), registers.instructionPointer(), call.deadline, call.timedOut);
    synchronized (LEFT) {
      LEFT.put(tid, left);
    }
  }

  /** Finds it again; false if there is nothing. */
  static boolean find(int tid, Registers registers, BlockedCall call) {
    @Nullable Left left;
    synchronized (LEFT) {
      left = LEFT.remove(tid);
    }
    if (left == null
        || left.stackPointer != registers.stackPointer()
        || left.instructionPointer != registers.instructionPointer()) {
      return false;
    }
    call.deadline = left.deadline;
    call.timedOut = left.timedOut;
    return true;
  }
}
