package org.libproc4j.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Others who can do some of this. */
enum Peer {
  C(
      "C",
      "makes the system calls that libproc4j makes, and no others",
      "has no handles, no time limits, no shared tracer; knows one process",
      "cc --version"),
  GDB(
      "gdb",
      "`gdb -p PID -batch -ex detach`: takes and stops all threads, reads the program's symbols,"
          + " lets go",
      "is started anew each time, which is in its times; can leave its target stopped if it is"
          + " killed meanwhile",
      "gdb --version"),
  STRACE(
      "strace",
      "`strace -f -p PID`, ended as soon as it says that it has attached: takes all threads, lets"
          + " go",
      "is started anew; holds none: each thread runs on as soon as it was taken",
      "strace --version"),
  LLDB(
      "lldb",
      "`lldb --batch -p PID -o detach`: as gdb",
      "is started anew each time, which is in its times",
      "lldb --version"),
  JSTACK(
      "jhsdb jstack",
      "takes and stops all threads of a JVM, writes their Java stacks, lets go",
      "is started anew; knows no other target than a JVM",
      "") {
    @Override
    Optional<String> version() {
      return Files.isExecutable(Path.of(Command.java("jhsdb")))
          ? Optional.of(System.getProperty("java.version", ""))
          : Optional.empty();
    }
  },
  KILL(
      "kill",
      "`kill -STOP PID`, `kill -CONT PID`: stops all threads by job control",
      "does not wait until they stand, nor say whether they do; tells the parent; stops no single"
          + " thread; is started anew",
      "kill --version"),
  PSUTIL(
      "psutil",
      "`suspend()`, `resume()`: as `kill`, without a start, after a look whether the pid is still"
          + " the same process; sweeps over `/proc`",
      "as `kill`; a sweep has no flags of the kernel's",
      "") {
    @Override
    Optional<String> version() {
      return Others.psutilVersion();
    }
  },
  OSHI("OSHI", "sweeps over `/proc`", "stops nothing; a sweep has no flags of the kernel's", "") {
    @Override
    Optional<String> version() {
      return Optional.of(Others.oshiVersion());
    }
  },
  SYS_FREEZETHAW(
      "Sys::FreezeThaw",
      "stops all processes of a machine by SIGSTOP, and sets them running",
      "looks at the leaders alone; gives up on one that has not stopped after 10 ms; exempts"
          + " nobody",
      "perl -MSys::FreezeThaw -e print$Sys::FreezeThaw::VERSION");

  final String called;
  private final String does;
  private final String lacks;

  /** Its words, none of which has a blank. */
  private final String versionCommand;

  Peer(String called, String does, String lacks, String versionCommand) {
    this.called = called;
    this.does = does;
    this.lacks = lacks;
    this.versionCommand = versionCommand;
  }

  /** Empty if it is not installed. */
  Optional<String> version() {
    return Command.output(List.of(versionCommand.split(" ", -1))).flatMap(Versions::parse);
  }

  boolean isPresent() {
    return version().isPresent();
  }

  /** All of them, also those that are not there. */
  static Section section() {
    Table table = new Table("peers", "who", "version", "does", "does not");
    for (Peer peer : values()) {
      table.add(peer.called, peer.version().orElse("absent"), peer.does, peer.lacks);
    }
    return new Section(
        "Who is compared",
        "Who is absent is not installed on this machine, and is left out above.\n",
        List.of(),
        List.of(table),
        List.of());
  }
}
