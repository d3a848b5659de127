package org.libproc4j.freezer;

/** The freeze cannot go on, for a reason that is no single process's. */
final class Setback extends Exception {
  private static final long serialVersionUID = 1L;

  Setback(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
