package org.libproc4j.examples;

/**
 * Standard output takes no more, because its reader has gone for example: the tool ends quietly.
 */
final class ClosedOutputException extends RuntimeException {
  private static final long serialVersionUID = 1;
}
