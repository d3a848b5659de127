package org.libproc4j;

/** {@code HoldAnother PID}: grabs a process, says "held", and holds it until it is killed. */
final class HoldAnother {
  private HoldAnother() {}

  public static void main(String[] arguments) throws Exception {
    try (ProcessHandle _ = ProcessHandle.grab(Integer.parseInt(arguments[0]))) {
      System.out.println("held");
      System.in.transferTo(System.out);
    }
  }
}
