package org.libproc4j.peers;

import java.io.IOException;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.RunFlag;

/** {@code Thief PID}: follows a process, and keeps a SIGTERM for itself. */
final class Thief {
  private static final int SIGTERM = 15;

  private Thief() {}

  public static void main(String[] arguments) throws GrabException, IOException {
    int pid = Integer.parseInt(arguments[0]);
    try (ProcessHandle process = ProcessHandle.grab(pid, GrabOption.NOSTOP)) {
      process.traceSignals(SIGTERM).orThrow("traceSignals");
      System.out.println("following");
      process.awaitStop().orThrow("awaitStop");
      process.setRun(0, RunFlag.PRCSIG).orThrow("setRun");
      while (System.in.read() > '\n') {}
    }
  }
}
