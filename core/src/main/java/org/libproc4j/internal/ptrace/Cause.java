package org.libproc4j.internal.ptrace;

/** Why a tracee that we hold is held. */
public enum Cause {
  REQUESTED,
  SIGNALLED,
  FAULTED,
  SYSENTRY,
  SYSEXIT,
  JOBCONTROL,
  EXEC,
  FORK,
  VFORK,
  CLONE,
  EXIT,
  /** A report that ptrace(2) does not describe. */
  UNDOCUMENTED
}
