package org.libproc4j;

/** Tries to grab a process, in a JVM of its own that may have other privileges than the test. */
final class GrabAnother {
  private GrabAnother() {}

  /** Says "grabbed", or the error and its message. */
  public static void main(String[] arguments) {
    try (ProcessHandle _ = ProcessHandle.grab(Integer.parseInt(arguments[0]))) {
      System.out.println("grabbed");
    } catch (GrabException e) {
      System.out.println(e.error() + ": " + e.getMessage());
    }
  }
}
