package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The grammar of {@code stat}; the numbers are those of the fields in proc_pid_stat(5). */
final class StatParser {
  private final Scanner in;

  StatParser(Path source, byte[] bytes, int length) {
    in = new Scanner(source, bytes, length);
  }

  Stat parse() {
    in.requireLastNewline();
    final int pid = in.int32();
    in.expect(" (");
    // The name may hold anything, the fields behind it no parenthesis.
    final Comm comm = Comm.of(in.takeUntil(in.lastIndexOf(')')));
    in.expect(") ");
    final String raw = in.ahead('\n');
    final char state = in.letter();
    final int ppid = nextInt();
    final int pgrp = nextInt();
    final int session = nextInt();
    final int ttyNr = nextInt();
    final int tpgid = nextInt();
    final long flags = nextLong();
    final long minflt = nextLong();
    final long cminflt = nextLong();
    final long majflt = nextLong();
    final long cmajflt = nextLong();
    final long utime = nextLong();
    final long stime = nextLong();
    final long cutime = nextLong();
    final long cstime = nextLong();
    final int priority = nextInt();
    final int nice = nextInt();
    final int numThreads = nextInt();
    skip(21, 21);
    final long startTime = nextLong();
    final long vsize = nextLong();
    final long rss = nextLong();
    final long rsslim = nextLong();
    skip(26, 37);
    final int exitSignal = nextInt();
    final int processor = nextInt();
    final int rtPriority = nextInt();
    final int policy = nextInt();
    final OptionalLong blkioTicks = nextIfAny();
    final OptionalLong guestTime = nextIfAny();
    final OptionalLong cguestTime = nextIfAny();
    final OptionalInt exitCode = exitCode();
    return new Stat(
        pid,
        comm,
        state,
        ppid,
        pgrp,
        session,
        ttyNr,
        tpgid,
        flags,
        minflt,
        cminflt,
        majflt,
        cmajflt,
        utime,
        stime,
        cutime,
        cstime,
        priority,
        nice,
        numThreads,
        startTime,
        vsize,
        rss,
        rsslim,
        exitSignal,
        processor,
        rtPriority,
        policy,
        blkioTicks,
        guestTime,
        cguestTime,
        exitCode,
        raw);
  }

  private OptionalInt exitCode() {
    for (int field = 45; field <= 51; field++) {
      if (!in.at(' ')) {
        return OptionalInt.empty();
      }
      nextLong();
    }
    return in.at(' ') ? OptionalInt.of(nextInt()) : OptionalInt.empty();
  }

  private int nextInt() {
    in.expect(" ");
    return in.int32();
  }

  private long nextLong() {
    in.expect(" ");
    return in.int64();
  }

  private OptionalLong nextIfAny() {
    return in.at(' ') ? OptionalLong.of(nextLong()) : OptionalLong.empty();
  }

  private void skip(int first, int last) {
    for (int field = first; field <= last; field++) {
      nextLong();
    }
  }
}
