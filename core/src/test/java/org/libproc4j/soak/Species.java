package org.libproc4j.soak;

import java.util.Arrays;
import java.util.List;

/** A kind of target: a program of {@code src/test/c}, and what it can be told to do. */
enum Species {
  THREADS("threads"),
  SPINNER("threads"),
  STORM("storm"),
  CHAIN("chain"),
  FORK_STORM("forker"),
  FORK_LINE("forker"),
  SIGNALS("signals"),
  EXECER("execer", "leader", "other"),
  EXITER("exiter", "worker", "leader", "exit 3", "last 4", "raise 15", "fault"),
  FORK_EVENTS("forkevents", "fork", "vfork", "spawn", "thread", "thread hold", "exec"),
  VFORKER("vforker", "exec", "exit 5", "vfork"),
  STOPPER("stopper", "stop 19", "stop 20", "stop 21", "stop 22"),
  FAULTER("faulter", "segv", "trap", "ill", "fpe"),
  REGS("regs"),
  IDLE("idle"),
  SYSCALLER("syscaller", "call 39", "call 24", "call 102"),
  STEPPER("stepper"),
  UNTRACED("untraced", "thread");

  private static final String[] CALLS = {
    "pause",
    "read",
    "nanosleep",
    "poll",
    "select",
    "futex",
    "epoll_wait",
    "sigtimedwait",
    "semop",
    "recv"
  };

  final String program;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is
  private final List<String> errands;

  Species(String program, String... errands) {
    this.program = program;
    this.errands = List.of(errands);
  }

  private static final String ONLY = System.getProperty("libproc4j.soak.species", "");

  /** Spinning ones take a processor each, so they are rarer than the others. */
  static Species any(Dice dice) {
    if (!ONLY.isEmpty()) {
      return valueOf(ONLY);
    }
    Species species = dice.of(values());
    return species.spins() && !dice.oneIn(3) ? any(dice) : species;
  }

  boolean spins() {
    return switch (this) {
      case SPINNER, STEPPER, SYSCALLER, CHAIN, STORM, FORK_STORM -> true;
      default -> false;
    };
  }

  String[] arguments(Dice dice) {
    Object[] arguments =
        switch (this) {
          case THREADS -> new Object[] {dice.of(1, 2, 3, 8, 60), "sleep"};
          case SPINNER -> new Object[] {dice.of(1, 2), "spin"};
          case STORM -> new Object[] {dice.of(1, 2, 3)};
          case FORK_STORM -> new Object[] {"storm", dice.of(1, 3)};
          case FORK_LINE -> new Object[] {"line"};
          case SIGNALS -> new Object[] {dice.of(1, 2, 6)};
          case EXECER -> new Object[] {dice.of(1, 2, 3, 6)};
          case EXITER -> new Object[] {dice.of(1, 3, 6)};
          case VFORKER, STOPPER -> new Object[] {dice.of(1, 3)};
          case FAULTER -> new Object[] {dice.of(1, 3)};
          case REGS -> new Object[] {dice.of(2, 3)};
          case IDLE -> new Object[] {dice.of(CALLS)};
          case SYSCALLER -> new Object[] {1};
          case CHAIN, FORK_EVENTS, STEPPER, UNTRACED -> new Object[0];
        };
    return Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
  }

  /** Something to tell it; empty if it obeys nobody. */
  List<String> errands() {
    return errands;
  }

  /** Whether only its own threads count, so that its counters stand when it does. */
  boolean countsItself() {
    return this != FORK_STORM && this != FORK_LINE;
  }

  /** Whether a thread keeps its slot for as long as it lives. */
  boolean hasFixedSlots() {
    return countsItself() && this != CHAIN && this != STORM;
  }
}
