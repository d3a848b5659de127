package org.libproc4j.examples;

/** Why a tool cannot do what it does to an operand. */
final class OperandException extends Exception {
  private static final long serialVersionUID = 1;

  OperandException(String reason) {
    super(reason);
  }
}
