package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.call;
import static org.libproc4j.internal.linux.Downcall.link;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.sigaction;
import org.libproc4j.linux.sigset_t;

/**
 * The real-time signal that ends a blocked wait of ours with EINTR.
 *
 * <p>Its handler is libc's {@code abs}, which takes an {@code int} and touches nothing, so that no
 * code of ours runs in a signal handler. There is no SA_RESTART: being interrupted is the point.
 */
public final class WakeSignal {
  private static final MethodHandle SIGACTION = link("sigaction");
  private static final MethodHandle SIGEMPTYSET = link("sigemptyset");
  private static final MethodHandle SIGADDSET = link("sigaddset");

  private static final int LOWEST = call(link("__libc_current_sigrtmin"));

  /** Java's own channels use SIGRTMAX − 2, so we start below it. */
  private static final int FIRST_CANDIDATE = call(link("__libc_current_sigrtmax")) - 4;

  /** The signal's number in this process. */
  public static final int NUMBER = install();

  private WakeSignal() {}

  /** Lets the calling thread receive the signal: the mask that it inherited may block it. */
  public static void unblock(Libc libc) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = sigset_t.allocate(arena);
      check("sigemptyset", call(SIGEMPTYSET, set.address()));
      check("sigaddset", call(SIGADDSET, set.address(), NUMBER));
      check("pthread_sigmask", libc.sigmask(linux_h.SIG_UNBLOCK(), set));
    }
  }

  /** Takes the highest real-time signal that nobody in this process has a handler for. */
  private static int install() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(sigaction.layout());
      for (int signal = FIRST_CANDIDATE; signal > LOWEST; signal--) {
        action(signal, MemorySegment.NULL, action);
        MemorySegment current =
            sigaction.__sigaction_handler.sa_handler(sigaction.__sigaction_handler(action));
        if (current.address() != linux_h.SIG_DFL().address()) {
          continue;
        }
        action.fill((byte) 0);
        sigaction.__sigaction_handler.sa_handler(
            sigaction.__sigaction_handler(action), Downcall.address("abs"));
        action(signal, action, MemorySegment.NULL);
        return signal;
      }
    }
    throw new IllegalStateException(
        "every real-time signal of this process has a handler: libproc4j needs one for itself");
  }

  private static void action(int signal, MemorySegment set, MemorySegment get) {
    check("sigaction", call(SIGACTION, signal, set.address(), get.address()));
  }

  private static void check(String call, int returned) {
    if (returned != 0) {
      throw new FailedCallException(call, -returned);
    }
  }
}
