package org.libproc4j.examples;

import java.util.List;
import java.util.stream.IntStream;

/** What signals are called: signal(7). */
final class SignalNames {
  /** The highest number of Linux. */
  static final int MAX = 64;

  /** As C programs know it: the C library keeps the first two of the kernel's for itself. */
  private static final int RTMIN = 34;

  private static final List<String> STANDARD =
      List.of(
          ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT"
                  + " STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
              .split(" "));

  private SignalNames() {}

  /** "SIGTERM", "SIGRTMIN+3"; "SIG32" for one that has no name. */
  static String of(int signal) {
    return "SIG" + shortName(signal);
  }

  /** The same as kill(1) takes it: "TERM". */
  static String shortName(int signal) {
    if (signal >= 1 && signal <= STANDARD.size()) {
      return STANDARD.get(signal - 1);
    }
    if (signal < RTMIN || signal > MAX) {
      return Integer.toString(signal);
    }
    return signal == RTMIN ? "RTMIN" : "RTMIN+" + (signal - RTMIN);
  }

  /** The signals of a mask of the kernel's, where bit 0 is signal 1. */
  static List<String> of(long mask) {
    return IntStream.rangeClosed(1, MAX)
        .filter(signal -> isIn(mask, signal))
        .mapToObj(SignalNames::of)
        .toList();
  }

  static boolean isIn(long mask, int signal) {
    return (mask >>> (signal - 1) & 1) != 0;
  }
}
