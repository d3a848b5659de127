package org.libproc4j.peers;

import java.util.Optional;

/** Something that controls processes. What it cannot do is empty. */
interface Peer {
  /** What the table calls it. */
  String name();

  /** The version, as it says it itself; empty if it is not installed. */
  Optional<String> version();

  /** Takes control of a process, stops all its threads, and says so. */
  default Optional<Command> hold(int pid) {
    return Optional.empty();
  }

  /** Stops one thread of a process, and says so. */
  default Optional<Command> holdThread(int pid, int tid) {
    return Optional.empty();
  }

  /** Takes control of a process and lets it run, until it is told to let go. */
  default Optional<Command> follow(int pid) {
    return Optional.empty();
  }

  /** Takes control and lets go again and again; is there after the first time. */
  default Optional<Command> cycle(int pid) {
    return Optional.empty();
  }
}
