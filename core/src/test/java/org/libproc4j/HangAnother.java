package org.libproc4j;

/** Leaves a process stopped, in a JVM of its own that ends then. */
final class HangAnother {
  private HangAnother() {}

  /** Grabs the process and lets it hang. */
  public static void main(String[] arguments) throws GrabException {
    ProcessHandle.grab(Integer.parseInt(arguments[0])).release(ReleaseOption.HANG);
  }
}
