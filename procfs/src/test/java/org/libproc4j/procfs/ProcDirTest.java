package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.procfs.internal.ProcCalls;
import org.libproc4j.procfs.internal.ProcDir;
import org.libproc4j.procfs.internal.StatLine;

/**
 * What the freezer reads: of {@code stat}, by the same fixtures as the other parser of it, and of
 * {@code syscall}.
 */
class ProcDirTest {
  private static final int ESRCH = 3;

  /** A machine where each thread has this file, or where a call fails. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record OneFile(String name, byte[] bytes, int opening, int reading) implements ProcCalls {
    OneFile(byte[] stat, int opening, int reading) {
      this("stat", stat, opening, reading);
    }

    @Override
    public int openDirectory(MemorySegment path) {
      return 3;
    }

    @Override
    public int openFile(MemorySegment path) {
      assertThat(path.getString(0)).isIn("/proc/12/task/345/" + name, "/proc/12/" + name);
      return opening;
    }

    @Override
    public int close(int fd) {
      return 0;
    }

    @Override
    public long read(int fd, MemorySegment buffer) {
      if (reading < 0) {
        return reading;
      }
      MemorySegment.copy(MemorySegment.ofArray(bytes), 0, buffer, 0, bytes.length);
      return bytes.length;
    }

    @Override
    public long rewind(int fd) {
      throw new AssertionError("nothing is listed");
    }

    @Override
    public long getdents64(int fd, MemorySegment buffer) {
      throw new AssertionError("nothing is listed");
    }

    @Override
    public int linkCount(int fd, MemorySegment statx) {
      throw new AssertionError("nothing is counted");
    }

    @Override
    public int linkCount(MemorySegment path, MemorySegment statx) {
      throw new AssertionError("nothing is counted");
    }
  }

  private static int state(ProcCalls calls) {
    try (ProcDir directory = ProcDir.open(calls, "/proc")) {
      return directory.state(12, 345);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stat-kernel-thread", "stat-linux-3.2", "stat-odd-name", "stat-zombie-leader"})
  void theStateIsTheOtherParsersAndAFileCutShortIsNone(String name) {
    Fixture fixture = Fixture.recorded(name);
    byte[] whole = fixture.bytes();
    assertThat(state(new OneFile(whole, 4, 0)))
        .isEqualTo(
            fixture.parse((path, bytes, n) -> new StatParser(path, bytes, n).parse()).stateCode());
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (cut[length - 1] == '\n') {
        continue; // the name has a newline: it may be the end of a file, for all that is asked here
      }
      assertThatThrownBy(() -> state(new OneFile(cut, 4, 0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("/proc/12/task/345/stat")
          .hasMessageEndingWith(HexFormat.of().formatHex(cut));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stat-kernel-thread", "stat-linux-3.2", "stat-odd-name", "stat-zombie-leader"})
  void theLineIsTheOtherParsersAndAFileCutShortIsNone(String name) {
    Fixture fixture = Fixture.recorded(name);
    byte[] whole = fixture.bytes();
    Stat other = fixture.parse((path, bytes, n) -> new StatParser(path, bytes, n).parse());
    StatLine line = new StatLine();
    assertThat(read(new OneFile(whole, 4, 0), line)).isZero();
    assertThat(line.state()).isEqualTo(other.stateCode());
    assertThat(line.ppid()).isEqualTo(other.ppid());
    assertThat(line.isKernelThread()).isEqualTo(other.isKernelThread());
    assertThat(line.threads()).isEqualTo(other.numThreads());
    assertThat(line.startTime()).isEqualTo(other.startTime());
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(new OneFile(cut, 4, 0), line))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("/proc/12/stat")
          .hasMessageEndingWith(HexFormat.of().formatHex(cut));
    }
  }

  @Test
  void aLineThatIsNoneIsRefused() {
    String fields = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20\n";
    StatLine line = new StatLine();
    assertThat(read(new OneFile(("7 (a) S" + fields).getBytes(US_ASCII), 4, 0), line)).isZero();
    for (String bad : List.of("7 (a)S" + fields, "7 (a) S 1 x" + fields, "7 (a) S 1  2\n")) {
      assertThatThrownBy(() -> read(new OneFile(bad.getBytes(US_ASCII), 4, 0), line))
          .as(bad)
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(read(new OneFile(new byte[0], 4, 0), line)).isEqualTo(-ESRCH);
    assertThat(read(new OneFile(new byte[0], -13, 0), line)).isEqualTo(-13);
  }

  private static int read(ProcCalls calls, StatLine line) {
    try (ProcDir directory = ProcDir.open(calls, "/proc")) {
      return directory.stat(12, line);
    }
  }

  private static long systemCall(String text, int opening, int reading) {
    OneFile file = new OneFile("syscall", text.getBytes(US_ASCII), opening, reading);
    try (ProcDir directory = ProcDir.open(file, "/proc")) {
      return directory.systemCall(12, 345);
    }
  }

  @Test
  void theSystemCallIsTheNumberThatIsWholeAndNoOther() {
    assertThat(systemCall("232 0x3 0x7ffd 0x1 0x7ffc 0x7f01\n", 4, 0)).isEqualTo(232);
    assertThat(systemCall("0 0x0\n", 4, 0)).isZero();
    for (String none : List.of("-1 0x7ffc 0x7f01\n", "running\n", "23", "", " 1\n")) {
      assertThat(systemCall(none, 4, 0)).as(none).isNegative();
    }
    assertThat(systemCall("", -13, 0)).isNegative();
    assertThat(systemCall("", 4, -3)).isNegative();
  }

  @ParameterizedTest
  @ValueSource(ints = {-13, -1, -2, -3, -24})
  void whatFailsSaysWithWhat(int error) {
    assertThat(state(new OneFile(new byte[0], error, 0))).isEqualTo(error);
    assertThat(state(new OneFile(new byte[0], 4, error))).isEqualTo(error);
  }

  /** As of a thread that was reaped between the two calls. */
  @Test
  void anEmptyFileIsThatOfAThreadThatHasGone() {
    assertThat(state(new OneFile(new byte[0], 4, 0))).isEqualTo(-ESRCH);
  }
}
