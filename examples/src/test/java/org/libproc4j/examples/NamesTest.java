package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.libproc4j.procfs.Status;

/** What signals, flags and capabilities are called. */
class NamesTest {

  @Test
  void signalsHaveTheNamesOfTheCLibrary() {
    assertThat(SignalNames.of(1)).isEqualTo("SIGHUP");
    assertThat(SignalNames.of(31)).isEqualTo("SIGSYS");
    assertThat(SignalNames.of(32)).isEqualTo("SIG32");
    assertThat(SignalNames.of(34)).isEqualTo("SIGRTMIN");
    assertThat(SignalNames.of(64)).isEqualTo("SIGRTMIN+30");
    assertThat(SignalNames.of(99)).isEqualTo("SIG99");
  }

  @Test
  void bit0OfAMaskIsSignal1() {
    assertThat(SignalNames.of(0L)).isEmpty();
    assertThat(SignalNames.of(1L | 1L << 63)).containsExactly("SIGHUP", "SIGRTMIN+30");
    assertThat(SignalNames.of(-1L)).hasSize(64);
  }

  @Test
  void whatHasNoNameRemainsANumber() {
    assertThat(TaskFlags.names(0)).isEmpty();
    assertThat(TaskFlags.names(0x200040)).containsExactly("FORKNOEXEC", "KTHREAD");
    assertThat(TaskFlags.names(0x404000)).containsExactly("RANDOMIZE", "0x4000");
    assertThat(Capabilities.names(1L | 1L << 40 | 1L << 63))
        .containsExactly("cap_chown", "cap_checkpoint_restore", "cap_63");
    assertThat(OpenFlags.names(0)).containsExactly("O_RDONLY");
    assertThat(OpenFlags.names(04012002)).containsExactly("O_RDWR", "O_SYNC", "O_APPEND");
    assertThat(OpenFlags.names(012001)).containsExactly("O_WRONLY", "O_DSYNC", "O_APPEND");
    assertThat(OpenFlags.names(020200002)).containsExactly("O_RDWR", "O_TMPFILE");
    assertThat(OpenFlags.names(02000000000)).containsExactly("O_RDONLY", "02000000000");
  }

  @Test
  void ofManyCapabilitiesThoseMissingAreNamed() {
    List<String> all = Capabilities.names((1L << 41) - 1);
    assertThat(Capabilities.inShort(all)).containsExactly("all");
    assertThat(Capabilities.inShort(List.of())).containsExactly("none");
    assertThat(Capabilities.inShort(Capabilities.names((1L << 41) - 1 - (1L << 21) - 1)))
        .containsExactly("all but cap_chown", "cap_sys_admin");
    assertThat(Capabilities.inShort(List.of("cap_chown", "cap_kill")))
        .containsExactly("cap_chown", "cap_kill");
  }

  @Test
  void equalIdsAreSaidOnce() {
    assertThat(Pcred.ids("uid", new Status.Ids(0, 0, 0, 0), false)).isEqualTo("e/r/suid=0");
    assertThat(Pcred.ids("uid", new Status.Ids(0, 0, 0, 7), false)).isEqualTo("e/r/suid=0 fsuid=7");
    assertThat(Pcred.ids("gid", new Status.Ids(1, 2, 3, 2), false))
        .isEqualTo("egid=2 rgid=1 sgid=3");
    assertThat(Pcred.ids("gid", new Status.Ids(1, 1, 1, 1), true))
        .isEqualTo("egid=1 rgid=1 sgid=1 fsgid=1");
  }
}
