package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatTest {
  private static final String AFTER_NAME =
      " S 11 12 13 34816 14 4194304 15 16 17 18 19 20 21 22 -2 -20 25 0 26 27 28"
          + " 18446744073709551615 1 2 3 4 5 6 7 8 9 10 11 12 17 29 30 2 31 32 33 1 2 3 4 5 6 7"
          + " 256\n";

  @Test
  void everyComponentIsTheFieldThatTheManPageNumbers() {
    Stat stat = Fixture.of("10 (cat)" + AFTER_NAME).parse(Stat::parse);

    assertThat(stat.pid()).isEqualTo(10);
    assertThat(stat.comm()).isEqualTo(Comm.of("cat"));
    assertThat(stat.state()).isEqualTo(TaskState.SLEEPING);
    assertThat(stat.ppid()).isEqualTo(11);
    assertThat(stat.pgrp()).isEqualTo(12);
    assertThat(stat.session()).isEqualTo(13);
    assertThat(stat.ttyNr()).isEqualTo(34816);
    assertThat(stat.tpgid()).isEqualTo(14);
    assertThat(stat.flags()).isEqualTo(0x400000);
    assertThat(stat.minflt()).isEqualTo(15);
    assertThat(stat.cminflt()).isEqualTo(16);
    assertThat(stat.majflt()).isEqualTo(17);
    assertThat(stat.cmajflt()).isEqualTo(18);
    assertThat(stat.utime()).isEqualTo(19);
    assertThat(stat.stime()).isEqualTo(20);
    assertThat(stat.cutime()).isEqualTo(21);
    assertThat(stat.cstime()).isEqualTo(22);
    assertThat(stat.priority()).isEqualTo(-2);
    assertThat(stat.nice()).isEqualTo(-20);
    assertThat(stat.numThreads()).isEqualTo(25);
    assertThat(stat.startTime()).isEqualTo(26);
    assertThat(stat.vsize()).isEqualTo(27);
    assertThat(stat.rss()).isEqualTo(28);
    assertThat(Long.toUnsignedString(stat.rsslim())).isEqualTo("18446744073709551615");
    assertThat(stat.exitSignal()).isEqualTo(17);
    assertThat(stat.processor()).isEqualTo(29);
    assertThat(stat.rtPriority()).isEqualTo(30);
    assertThat(stat.policy()).isEqualTo(2);
    assertThat(stat.delayacctBlkioTicks()).hasValue(31);
    assertThat(stat.guestTime()).hasValue(32);
    assertThat(stat.cguestTime()).hasValue(33);
    assertThat(stat.exitCode()).hasValue(256);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ")",
        "(",
        "()",
        ") (",
        "a) S 1 2 3",
        "x S 1 y",
        "a Txy",
        "a\nb",
        "\n",
        "\t",
        "\\",
        "\377\376\1",
        "1 (x) R",
        "kworker/u8:3-events_unbound"
      })
  void aNameMayHoldAnyBytes(String name) {
    Stat stat = Fixture.of("10 (" + name + ")" + AFTER_NAME).parse(Stat::parse);

    assertThat(stat.comm().bytes()).isEqualTo(name.getBytes(ISO_8859_1));
    assertThat(stat.pid()).isEqualTo(10);
    assertThat(stat.state()).isEqualTo(TaskState.SLEEPING);
    assertThat(stat.ppid()).isEqualTo(11);
  }

  @Test
  void aRecordedOddNameIsReadWhole() {
    assertThat(Fixture.recorded("stat-odd-name").parse(Stat::parse).comm().toString())
        .isEqualTo("a) S\\n\\\\\\xff 1");
  }

  @Test
  void aKernelThreadIsTold() {
    Stat stat = Fixture.recorded("stat-kernel-thread").parse(Stat::parse);

    assertThat(stat.isKernelThread()).isTrue();
    assertThat(stat.isIoWorker()).isFalse();
    assertThat(stat.isForkNoExec()).isTrue();
  }

  @Test
  void aZombieLeaderIsZombieWithTwoThreads() {
    Stat stat = Fixture.recorded("stat-zombie-leader").parse(Stat::parse);

    assertThat(stat.state()).isEqualTo(TaskState.ZOMBIE);
    assertThat(stat.numThreads()).isEqualTo(2);
    assertThat(stat.isKernelThread()).isFalse();
  }

  @Test
  void anIoWorkerIsToldByItsFlag() {
    String text = "10 (iou-wrk-9)" + AFTER_NAME.replace("4194304", "4210768");

    assertThat(Fixture.of(text).parse(Stat::parse).isIoWorker()).isTrue();
  }

  @Test
  void fieldsThatAnOldKernelLacksAreEmpty() {
    Stat stat = Fixture.recorded("stat-linux-3.2").parse(Stat::parse);

    assertThat(stat.cguestTime()).hasValue(0);
    assertThat(stat.exitCode()).isEmpty();
  }

  @Test
  void fieldsThatANewerKernelAddsDoNotDisturb() {
    String text = "10 (cat)" + AFTER_NAME.replace("\n", " 99 new\n");

    assertThat(Fixture.of(text).parse(Stat::parse).exitCode()).hasValue(256);
  }

  @Test
  void aStateThatIsNotKnownKeepsItsLetter() {
    Stat stat = Fixture.of("10 (cat)" + AFTER_NAME.replace("S", "Q")).parse(Stat::parse);

    assertThat(stat.state()).isEqualTo(TaskState.OTHER);
    assertThat(stat.stateCode()).isEqualTo('Q');
  }

  @Test
  void everyStateIsFoundByItsLetter() {
    for (TaskState state : TaskState.values()) {
      assertThat(TaskState.of(state.code())).isEqualTo(state);
    }
  }

  @Test
  void aNumberThatDoesNotFitIsMalformed() {
    assertThatThrownBy(() -> Fixture.of("4294967296 (cat)" + AFTER_NAME).parse(Stat::parse))
        .isInstanceOf(MalformedProcException.class)
        .hasMessageContaining("more than 32 bits at byte 0");
    assertThatThrownBy(
            () ->
                Fixture.of("10 (cat)" + AFTER_NAME.replace("551615", "551616")).parse(Stat::parse))
        .isInstanceOf(MalformedProcException.class)
        .hasMessageContaining("more than 64 bits");
  }

  @Test
  void aMalformedFileShowsItsPathAndItsBytes() {
    assertThatThrownBy(() -> Fixture.of("10 (\33\377)\n").parse(Stat::parse))
        .isInstanceOfSatisfying(
            MalformedProcException.class,
            e -> {
              assertThat(e.path()).hasToString("/proc/1/x");
              assertThat(e.bytes()).isEqualTo("10 (\33\377)\n".getBytes(ISO_8859_1));
              assertThat(e).hasMessage("/proc/1/x: no \") \" at byte 6 in \"10 (\\x1b\\xff)\\n\"");
            });
  }
}
