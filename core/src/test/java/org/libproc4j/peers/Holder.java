package org.libproc4j.peers;

import java.io.IOException;
import java.time.Duration;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.Handle;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;

/**
 * What a user of libproc4j would write to hold or follow a process: {@code hold PID}, {@code thread
 * PID TID}, {@code follow PID}; until a line comes.
 */
final class Holder {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private Holder() {}

  public static void main(String[] arguments) throws GrabException, IOException {
    int pid = Integer.parseInt(arguments[1]);
    switch (arguments[0]) {
      case "hold" -> {
        try (ProcessHandle process = ProcessHandle.grab(pid, GrabOption.NOSTOP)) {
          stop(process);
        }
      }
      case "thread" -> {
        try (ProcessHandle process = ProcessHandle.grab(pid, GrabOption.NOSTOP);
            LwpHandle thread = process.lwp(Integer.parseInt(arguments[2]))) {
          stop(thread);
        }
      }
      case "follow" -> {
        try (ProcessHandle _ = ProcessHandle.grab(pid, GrabOption.NOSTOP)) {
          System.out.println("following");
          awaitLine();
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void stop(Handle handle) throws IOException {
    handle.stop(LIMIT);
    System.out.println(handle.state() == ProcessState.STOP ? "held" : "not held");
    awaitLine();
  }

  private static void awaitLine() throws IOException {
    while (System.in.read() > '\n') {}
  }
}
