package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What PTRACE_GETEVENTMSG tells about an event-stop: a new thread, a former tid, an exit status.
 */
public final class EventMessage {
  private final MemorySegment word = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);

  /** The message of a tracee that stands at an event-stop, or −errno. */
  public long read(Libc libc, int tid) {
    long r = libc.insist(Ptrace.GETEVENTMSG, tid, 0, word.address());
    return r < 0 ? r : word.get(ValueLayout.JAVA_LONG, 0);
  }
}
