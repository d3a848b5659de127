package org.libproc4j.examples;

import java.util.List;

/**
 * Runs tools on a process, so that the launcher's cache has what they need: the JVM writes into it
 * what was used before it ended.
 */
final class Training {
  private Training() {}

  /**
   * Stops the process, looks at it, and sets it running again.
   *
   * @param args its pid
   */
  public static void main(String[] args) {
    List.of("pstop", "pstatus", "prun").forEach(tool -> Main.run(tool, args[0]));
    Main.run("pstatus", "--risk", args[0]);
    System.exit(0);
  }
}
