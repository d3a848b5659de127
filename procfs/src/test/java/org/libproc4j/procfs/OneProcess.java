package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** A {@code /proc} with one process, whose {@code stat} is given. */
record OneProcess(ByteString stat) implements StatSource {
  private static final int PID = 7;
  private static final Path ROOT = Path.of("/proc");
  private static final int LARGEST = 2048;

  /** A sweep says what the parser of the whole file says, or throws the same exception. */
  static void assertSweptAsParsed(byte[] bytes) {
    if (bytes.length > LARGEST) {
      return; // more than the kernel writes, which a sweep relies on
    }
    Snapshot snapshot;
    try {
      snapshot = new Sweep(ROOT, StatField.values()).run(new OneProcess(ByteString.of(bytes)));
    } catch (MalformedProcException e) {
      assertThat(e.path()).isEqualTo(ROOT.resolve("7/stat"));
      return;
    }
    assertThat(snapshot.size()).isEqualTo(1);
    assertThat(snapshot.pid(0)).isEqualTo(PID);
    Stat stat;
    try {
      stat = Stat.parse(ROOT, bytes, bytes.length);
    } catch (MalformedProcException e) {
      return; // a sweep does not look at what it does not need
    }
    assertThat(snapshot.comm(0)).isEqualTo(stat.comm());
    for (StatField field : StatField.values()) {
      if (field != StatField.COMM) {
        assertThat(snapshot.value(0, field)).as(field.name()).isEqualTo(of(stat, field));
      }
    }
  }

  private static long of(Stat stat, StatField field) {
    return switch (field) {
      case COMM -> throw new AssertionError();
      case STATE -> stat.stateCode();
      case PPID -> stat.ppid();
      case PGRP -> stat.pgrp();
      case SESSION -> stat.session();
      case TTY_NR -> stat.ttyNr();
      case TPGID -> stat.tpgid();
      case FLAGS -> stat.flags();
      case MINFLT -> stat.minflt();
      case CMINFLT -> stat.cminflt();
      case MAJFLT -> stat.majflt();
      case CMAJFLT -> stat.cmajflt();
      case UTIME -> stat.utime();
      case STIME -> stat.stime();
      case CUTIME -> stat.cutime();
      case CSTIME -> stat.cstime();
      case PRIORITY -> stat.priority();
      case NICE -> stat.nice();
      case NUM_THREADS -> stat.numThreads();
      case START_TIME -> stat.startTime();
      case VSIZE -> stat.vsize();
      case RSS -> stat.rss();
      case EXIT_SIGNAL -> stat.exitSignal();
      case PROCESSOR -> stat.processor();
      case RT_PRIORITY -> stat.rtPriority();
      case POLICY -> stat.policy();
    };
  }

  @Override
  public int[] pids() {
    return new int[] {PID};
  }

  @Override
  public int read(int pid, byte[] buffer) {
    System.arraycopy(stat.bytes(), 0, buffer, 0, stat.length());
    return stat.length();
  }

  @Override
  public void close() {}
}
