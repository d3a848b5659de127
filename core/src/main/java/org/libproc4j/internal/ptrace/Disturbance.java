package org.libproc4j.internal.ptrace;

/** What of a stop its thread will notice when it goes on. */
public enum Disturbance {
  /** Nothing: it was in no call, or in one that goes on by itself. */
  NONE,
  /** Nothing: its call would have ended with EINTR, and is made to go on. */
  MENDED,
  /** EINTR: its call is none of those that can go on, or nobody wants them to. */
  UNMENDED,
  /** That its write has written less than it should. */
  SHORT_WRITE,
  /** EINTR: a seccomp filter does not let its call pass again, or may not. */
  SECCOMP,
  /** EINTR: its system calls are dispatched to itself. */
  USER_DISPATCH,
  /** EINTR: it is a 32-bit program, or makes its calls like one. */
  OTHER_ABI,
  /** EINTR: it was to execute one instruction. */
  STEPPED,
  /** EINTR, perhaps: its registers could not be read or written. */
  UNKNOWN
}
