package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.libproc4j.Errno.EBADF;
import static org.libproc4j.Errno.EINVAL;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.DEAD;
import static org.libproc4j.ProcessState.IDLE;
import static org.libproc4j.StopRequest.PCNULL;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.internal.linux.Machine;
import org.libproc4j.linux.linux_h;

/** Handles on core files and executable files: what is one, and the rows that hold for it. */
class FileHandleTest {
  private static final int ET_REL = 1;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final int ET_CORE = 4;

  @TempDir private Path directory;

  /** A file with an ELF header of this machine, of that type. */
  private Path elf(int type) throws IOException {
    return elf(type, 2, 1, Machine.ELF_MACHINE, 64);
  }

  private Path elf(int type, int size, int order, int machine, int length) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    header.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) size, (byte) order, 1});
    header.putShort(16, (short) type).putShort(18, (short) machine);
    byte[] bytes = new byte[length];
    header.get(0, bytes, 0, Math.min(length, 64));
    return Files.write(directory.resolve("file"), bytes);
  }

  private ProcessHandle grab(ProcessState state) throws GrabException, IOException {
    return state == DEAD
        ? ProcessHandle.grabCore(elf(ET_CORE))
        : ProcessHandle.grabFile(elf(ET_EXEC));
  }

  @ParameterizedTest(name = "row 01: {0}, released → EBADF, whatever the request")
  @EnumSource(names = {"DEAD", "IDLE"})
  void row01Released(ProcessState state) throws Exception {
    ProcessHandle file = grab(state);
    file.close();
    StopRows.assertAll(file, List.of(StopRequest.values()), EBADF);
    StopRows.assertAllBadRequests(file, EBADF);
    assertThat(file.state()).isEqualTo(state);
    file.close();
  }

  @ParameterizedTest(name = "row 02: {0}, request unknown, or msec < 0 → EINVAL")
  @EnumSource(names = {"DEAD", "IDLE"})
  void row02BadRequest(ProcessState state) throws Exception {
    try (ProcessHandle file = grab(state)) {
      StopRows.assertAllBadRequests(file, EINVAL);
    }
  }

  @ParameterizedTest(name = "row 04: {0} → ENOENT; PCNULL → OK")
  @EnumSource(names = {"DEAD", "IDLE"})
  void row04File(ProcessState state) throws Exception {
    try (ProcessHandle file = grab(state)) {
      assertThat(file.state()).isEqualTo(state);
      StopRows.assertAll(
          file, List.of(StopRequest.PCSTOP, StopRequest.PCDSTOP, StopRequest.PCWSTOP), ENOENT);
      StopRows.assertAll(file, List.of(PCNULL), OK);
      assertThat(file.stop()).isEqualTo(ENOENT);
      assertThat(file.requestStop()).isEqualTo(ENOENT);
      assertThat(file.awaitStop()).isEqualTo(ENOENT);
      assertThat(file.state()).isEqualTo(state);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DEAD", "IDLE"})
  void canDoNothingElseThatAProcessCan(ProcessState state) throws Exception {
    try (ProcessHandle file = grab(state)) {
      assertThat(file.pid()).isZero();
      assertThat(file.setRun()).isEqualTo(ENOENT);
      assertThat(file.kill(0)).isEqualTo(ENOENT);
      assertThat(file.awaitEnd()).isEqualTo(ENOENT);
      assertThat(file.reopen()).isEqualTo(ENOENT);
      assertThat(file.traceSignals(1)).isEqualTo(ENOENT);
      assertThat(file.setFlags(ProcessFlag.ASYNC)).isEqualTo(ENOENT);
      assertThat(file.exitStatus()).isEmpty();
      assertThat(file.endedBy()).isEmpty();
      assertThatIllegalStateException().isThrownBy(file::status);
      assertThatIllegalStateException().isThrownBy(file::lwpIds);
      assertThatIllegalStateException().isThrownBy(file::standardOutput);
      assertThatThrownBy(() -> file.lwp(1)).isInstanceOf(GrabException.class);
      assertThat(file).hasToString("process 0: " + state);
    }
  }

  @Test
  void timeLimitsAreCheckedFirst() throws Exception {
    try (ProcessHandle file = grab(IDLE)) {
      for (Duration bad :
          List.of(
              Duration.ZERO,
              Duration.ofNanos(-1),
              Duration.ofDays(25),
              Duration.ofSeconds(Long.MAX_VALUE),
              Duration.ofSeconds(Long.MIN_VALUE))) {
        assertThatIllegalArgumentException().as("%s", bad).isThrownBy(() -> file.stop(bad));
        assertThatIllegalArgumentException().as("%s", bad).isThrownBy(() -> file.awaitStop(bad));
      }
      for (Duration good :
          List.of(Duration.ofNanos(1), Duration.ofDays(24), Duration.ofMillis(Integer.MAX_VALUE))) {
        assertThat(file.stop(good)).as("%s", good).isEqualTo(ENOENT);
        assertThat(file.awaitStop(good)).as("%s", good).isEqualTo(ENOENT);
      }
    }
  }

  // ---- what is a core file, what a program

  private static void refused(GrabError error, Path file) {
    GrabError missing = error == GrabError.G_NOCORE ? GrabError.G_NOEXEC : error;
    assertThatThrownBy(() -> ProcessHandle.grabCore(file))
        .hasMessageContaining(file.toString())
        .isInstanceOfSatisfying(GrabException.class, e -> assertThat(e.error()).isEqualTo(error));
    assertThatThrownBy(() -> ProcessHandle.grabFile(file))
        .hasMessageContaining(file.toString())
        .isInstanceOfSatisfying(GrabException.class, e -> assertThat(e.error()).isEqualTo(missing));
  }

  @Test
  void theProgramThatRunsThisIsOne() throws GrabException {
    Path program = Path.of(java.lang.ProcessHandle.current().info().command().orElseThrow());
    try (ProcessHandle file = ProcessHandle.grabFile(program)) {
      assertThat(file.state()).isEqualTo(IDLE);
    }
    assertThatThrownBy(() -> ProcessHandle.grabCore(program))
        .hasMessageContaining("not a core file")
        .isInstanceOfSatisfying(
            GrabException.class, e -> assertThat(e.error()).isEqualTo(GrabError.G_FORMAT));
  }

  @ParameterizedTest
  @ValueSource(ints = {ET_EXEC, ET_DYN})
  void bothKindsOfProgramAre(int type) throws Exception {
    try (ProcessHandle file = ProcessHandle.grabFile(elf(type))) {
      assertThat(file.state()).isEqualTo(IDLE);
    }
  }

  @Test
  void aCoreFileIsNoProgram() throws IOException {
    Path core = elf(ET_CORE);
    assertThatThrownBy(() -> ProcessHandle.grabFile(core))
        .hasMessageContaining("not a program")
        .isInstanceOfSatisfying(
            GrabException.class, e -> assertThat(e.error()).isEqualTo(GrabError.G_FORMAT));
  }

  @Test
  void anObjectFileIsNeither() throws IOException {
    refused(GrabError.G_FORMAT, elf(ET_REL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u007fEL", "#!/bin/sh\n", "not ELF at all"})
  void aFileOfAnotherFormatIsNeither(String content) throws IOException {
    refused(GrabError.G_FORMAT, Files.writeString(directory.resolve("file"), content));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 16, 63})
  void aTruncatedFileIsDamaged(int length) throws IOException {
    refused(GrabError.G_ELF, elf(ET_CORE, 2, 1, Machine.ELF_MACHINE, length));
  }

  @Test
  void anotherMachinesFileIsRefused() throws IOException {
    int other =
        Machine.ELF_MACHINE == linux_h.EM_AARCH64() ? linux_h.EM_X86_64() : linux_h.EM_AARCH64();
    refused(GrabError.G_ISAINVAL, elf(ET_CORE, 2, 1, other, 64));
    refused(GrabError.G_ISAINVAL, elf(ET_CORE, 1, 1, Machine.ELF_MACHINE, 64)); // 32 bits
    refused(GrabError.G_ISAINVAL, elf(ET_CORE, 2, 2, Machine.ELF_MACHINE, 64)); // big-endian
  }

  @Test
  void whatCannotBeOpenedIsNoFile() {
    refused(GrabError.G_NOCORE, directory.resolve("nothing"));
    refused(GrabError.G_NOCORE, directory);
  }
}
