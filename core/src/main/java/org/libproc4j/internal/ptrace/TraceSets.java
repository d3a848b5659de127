package org.libproc4j.internal.ptrace;

import java.util.BitSet;
import org.libproc4j.internal.linux.Ptrace;

/** What stops a process besides a directive: the sets that its user chose. */
public final class TraceSets {
  private final BitSet signals = new BitSet();
  private final BitSet faults = new BitSet();
  private final BitSet syscallEntries = new BitSet();
  private final BitSet syscallExits = new BitSet();
  private int eventOptions;
  private boolean forks;
  private boolean async;

  /** Which of the sets. */
  public enum Kind {
    SIGNALS,
    FAULTS,
    SYSCALL_ENTRIES,
    SYSCALL_EXITS
  }

  void replace(Kind kind, int... members) {
    BitSet set =
        switch (kind) {
          case SIGNALS -> signals;
          case FAULTS -> faults;
          case SYSCALL_ENTRIES -> syscallEntries;
          case SYSCALL_EXITS -> syscallExits;
        };
    set.clear();
    for (int member : members) {
      set.set(member);
    }
  }

  /** PTRACE_O_TRACE* bits, for events that are to stop the process. */
  void events(int options) {
    eventOptions = options;
    forks |= (options & (Ptrace.O_TRACEFORK | Ptrace.O_TRACEVFORK)) != 0;
  }

  /** Whether its forks have ever been events: then its children were attached for us. */
  boolean forks() {
    return forks;
  }

  void async(boolean on) {
    async = on;
  }

  public boolean async() {
    return async;
  }

  boolean signal(int signal) {
    return signals.get(signal);
  }

  boolean fault(int signal) {
    return faults.get(signal);
  }

  boolean syscallEntry(int number) {
    return number >= 0 && syscallEntries.get(number);
  }

  boolean syscallExit(int number) {
    return number >= 0 && syscallExits.get(number);
  }

  boolean areEmpty() {
    return signals.isEmpty() && faults.isEmpty() && !syscalls() && eventOptions == 0;
  }

  boolean syscalls() {
    return !syscallEntries.isEmpty() || !syscallExits.isEmpty();
  }

  int eventOptions() {
    return eventOptions;
  }

  boolean event(int event) {
    int option = 0;
    if (event == Ptrace.EVENT_FORK) {
      option = Ptrace.O_TRACEFORK;
    } else if (event == Ptrace.EVENT_VFORK) {
      option = Ptrace.O_TRACEVFORK;
    } else if (event == Ptrace.EVENT_CLONE) {
      option = Ptrace.O_TRACECLONE;
    } else if (event == Ptrace.EVENT_EXEC) {
      option = Ptrace.O_TRACEEXEC;
    } else if (event == Ptrace.EVENT_EXIT) {
      option = Ptrace.O_TRACEEXIT;
    }
    return (eventOptions & option) != 0;
  }
}
