package org.libproc4j.scenarios;

import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;
import org.libproc4j.Way;

/** {@code Worker WAY PID}: grabs, stops, runs and releases a process until it is killed. */
public final class Worker {
  private static final int CYCLES = 3;

  private Worker() {}

  /** Says "ready" after the first release. */
  public static void main(String[] arguments) throws Exception {
    Way way = Way.valueOf(arguments[0]);
    int pid = Integer.parseInt(arguments[1]);
    for (boolean first = true; ; first = false) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(pid)) {
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
