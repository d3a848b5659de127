package org.libproc4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A JVM for what only a tracer without privilege meets. */
public final class Unprivileged {
  private Unprivileged() {}

  /** Whether there is any privilege to do without. */
  public static boolean isRoot() {
    return ProcFiles.status((int) ProcessHandle.current().pid(), ProcFiles.ownTid())
        .getOrDefault("Uid", "")
        .startsWith("0\t");
  }

  /**
   * Runs a main class in a JVM that has no capability, whoever its user is; returns what it said.
   *
   * @param needed classes of the artifacts that it needs, one of each
   */
  public static String run(Class<?> main, List<Class<?>> needed, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
    List<String> jvm = new ArrayList<>(Jvm.command(main, needed, arguments));
    jvm.add(1, "-Dlibproc4j.targets=" + Target.directory());
    command.addAll(jvm);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    process.getErrorStream().close();
    StringBuilder said = new StringBuilder();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      out.lines().forEach(line -> said.append(line).append('\n'));
    }
    assertThat(process.waitFor()).as("%s", said).isZero();
    return said.toString();
  }
}
