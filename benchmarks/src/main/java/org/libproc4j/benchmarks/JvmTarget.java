package org.libproc4j.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** A JVM that does nothing, and is no child of this one; it ends with this object or this JVM. */
final class JvmTarget implements AutoCloseable {
  /** Of the shell's child, the JDK's reaper takes no stops. */
  private static final String PARENT = "\"$@\" & read _; kill -9 $!";

  private final Helper shell;
  private final int pid;

  JvmTarget() {
    String classes = JvmTarget.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    shell =
        Helper.startCommand(
            List.of(
                "sh",
                "-c",
                PARENT,
                "sh",
                Command.java("java"),
                "-XX:+UseSerialGC",
                "-cp",
                Path.of(classes).toString(),
                Idle.class.getName()));
    pid = Integer.parseInt(shell.answer());
  }

  int pid() {
    return pid;
  }

  int threads() {
    return Sleepers.tids(pid).size();
  }

  @Override
  public void close() {
    shell.close();
  }

  /** Its main class. */
  static final class Idle {
    private Idle() {}

    public static void main(String[] args) throws InterruptedException {
      System.out.println(ProcessHandle.current().pid());
      Thread.currentThread().join();
    }
  }
}
