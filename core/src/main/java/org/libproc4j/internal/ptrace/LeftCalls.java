package org.libproc4j.internal.ptrace;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Registers;

/**
 * The mended calls of threads that were let go: the time of one that is grabbed and released again
 * and again must be over one day. Shared by all tracers.
 *
 * <p>An entry counts for the call that it was made for, which the {@linkplain Registers#isSigned
 * sign} in the thread's flags, its stack pointer and its program counter tell.
 */
final class LeftCalls {
  private static final int MOST = 20_000;

  private static final Map<Integer, BlockedCall> LEFT =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, BlockedCall> eldest) {
          return size() > MOST;
        }
      };

  private LeftCalls() {}

  /** Keeps what is known of a call of a thread that is let go. */
  static void leave(int tid, BlockedCall call) {
    BlockedCall left = new BlockedCall();
    left.continues(call);
    synchronized (LEFT) {
      LEFT.put(tid, left);
    }
  }

  /** Finds it again; false if there is nothing. */
  static boolean find(int tid, Registers registers, BlockedCall call) {
    @Nullable BlockedCall left;
    synchronized (LEFT) {
      left = LEFT.remove(tid);
    }
    if (left == null
        || left.stackPointer != registers.stackPointer()
        || left.instructionPointer != registers.instructionPointer()) {
      return false;
    }
    call.continues(left);
    return true;
  }
}
