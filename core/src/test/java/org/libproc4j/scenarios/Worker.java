package org.libproc4j.scenarios;

import org.libproc4j.ProcessHandle;

/** A program that grabs, stops, runs and releases a process until it is killed. */
final class Worker {
  private static final int CYCLES = 3;

  private Worker() {}

  public static void main(String[] arguments) throws Exception {
    int pid = Integer.parseInt(arguments[0]);
    for (boolean first = true; ; first = false) {
      try (ProcessHandle process = ProcessHandle.grab(pid)) {
        for (int i = 0; i < CYCLES; i++) {
          process.setRun().orThrow("setRun");
          process.stop().orThrow("stop");
        }
      }
      if (first) {
        System.out.println("ready");
      }
    }
  }
}
