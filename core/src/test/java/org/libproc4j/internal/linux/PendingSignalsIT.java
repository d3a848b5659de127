package org.libproc4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.StopMechanism;
import org.libproc4j.Tracer;
import org.libproc4j.linux.__ptrace_peeksiginfo_args;
import org.libproc4j.testing.Signals;
import org.libproc4j.testing.Target;

@Timeout(60)
class PendingSignalsIT {
  private final PendingSignals pending = new PendingSignals();

  /** Is told of one signal at a time, as the kernel does it to a caller with a signal pending. */
  @SuppressWarnings("restricted") // the address is that of our own arguments
  private static final class OneAtATime extends Libc {
    @Override
    public long ptrace(int request, int tid, long addr, long data) {
      if (request == Ptrace.PEEKSIGINFO) {
        __ptrace_peeksiginfo_args.nr(
            MemorySegment.ofAddress(addr).reinterpret(__ptrace_peeksiginfo_args.sizeof()), 1);
      }
      return super.ptrace(request, tid, addr, data);
    }
  }

  @Test
  void aSignalIsFoundBehindOthersHoweverFewTheKernelShowsAtOnce() throws GrabException {
    try (Target target = Target.start("signals")) {
      try (Tracer tracer = Tracer.ofConfined(StopMechanism.INTERRUPT);
          ProcessHandle _ = tracer.grab(target.pid())) {
        for (Libc libc : List.of(Libc.SYSTEM, new OneAtATime())) {
          assertThat(pending.contains(libc, target.pid(), Signals.SIGUSR1)).isZero();
        }
        target.sendTo(target.pid(), Signals.SIGTERM);
        target.sendTo(target.pid(), Signals.SIGUSR1);
        for (Libc libc : List.of(Libc.SYSTEM, new OneAtATime())) {
          assertThat(pending.contains(libc, target.pid(), Signals.SIGUSR1)).isOne();
          assertThat(pending.contains(libc, target.pid(), Signals.SIGCONT)).isZero();
          assertThat(pending.containsOnly(libc, target.pid(), Signals.SIGTERM)).isFalse();
        }
      }
      target.assertClean();
    }
  }
}
