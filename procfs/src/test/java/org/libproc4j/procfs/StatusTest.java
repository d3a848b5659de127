package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class StatusTest {
  @Test
  void aZombieLeaderHasAllThatIsNotMemory() {
    Status status = Fixture.recorded("status-zombie-leader").parse(Status::parse);

    assertThat(status.name()).isEqualTo(Comm.of("zl"));
    assertThat(status.state()).isEqualTo(TaskState.ZOMBIE);
    assertThat(status.threads()).isEqualTo(2);
    assertThat(status.tgid()).isEqualTo(status.pid());
    assertThat(status.ngid()).hasValue(0);
    assertThat(status.nsPid()).containsExactly(status.pid());
    assertThat(status.nsTgid()).containsExactly(status.tgid());
    assertThat(status.sigIgn()).isEqualTo(0x6);
    assertThat(status.sigCgt()).isEqualTo(0x1_0000_0000L);
    assertThat(status.capEff()).isEqualTo(0x1ff_feff_ffffL);
    assertThat(status.noNewPrivs()).hasValue(false);
    assertThat(status.seccomp()).hasValue(0);
  }

  @Test
  void linesThatAnOldKernelLacksAreEmpty() {
    Status status = Fixture.recorded("status-linux-3.10").parse(Status::parse);

    assertThat(status.ngid()).isEmpty();
    assertThat(status.nsPid()).isEmpty();
    assertThat(status.nsTgid()).isEmpty();
    assertThat(status.noNewPrivs()).isEmpty();
    assertThat(status.seccomp()).hasValue(0);
  }

  @Test
  void unsignedNumbersKeepTheirValue() {
    Status status = Fixture.recorded("status-linux-3.10").parse(Status::parse);

    assertThat(status.uid()).isEqualTo(new Status.Ids(1000, 1001, 1002, 4294967294L));
    assertThat(status.gid()).isEqualTo(new Status.Ids(0, 0, 0, 0));
    assertThat(status.sigQ()).isEqualTo(new Status.SigQ(0, -1));
    assertThat(status.sigIgn()).isEqualTo(0xfffffffe57f0d8fcL);
  }

  @Test
  void nestedPidNamespacesAreAList() {
    String text = Fixture.recorded("status-zombie-leader").latin1();

    assertThat(
            Fixture.of(text.replaceFirst("NSpid:\\s+\\d+", "NSpid:\t900\t7\t1"))
                .parse(Status::parse)
                .nsPid())
        .containsExactly(900, 7, 1);
  }

  @Test
  void everyOtherLineIsRaw() {
    assertThat(Fixture.recorded("status-linux-3.10").parse(Status::parse).raw())
        .contains(entry("VmRSS", "836 kB"), entry("Groups", "4 24"), entry("State", "S (sleeping)"))
        .doesNotContainKey("Name");
  }

  @Test
  void aNameIsUnescaped() {
    assertThat(Fixture.recorded("status-odd-name").parse(Status::parse).name())
        .isEqualTo(Fixture.recorded("stat-odd-name").parse(Stat::parse).comm());
  }

  @Test
  void aNameCannotFakeALine() {
    Status status = named("x\\nPid:\t7");

    assertThat(status.pid()).isEqualTo(1);
    assertThat(status.name().bytes()).containsExactly("x\nPid:\t7".getBytes(US_ASCII));
  }

  @Test
  void whiteSpaceAroundANameBelongsToIt() {
    assertThat(named(" a\t").name()).isEqualTo(Comm.of(" a\t"));
    assertThat(named("").name()).isEqualTo(Comm.of(""));
  }

  @Test
  void anUnknownEscapeIsMalformed() {
    assertThatThrownBy(() -> named("a\\x")).isInstanceOf(MalformedProcException.class);
    assertThatThrownBy(() -> named("a\\")).isInstanceOf(MalformedProcException.class);
  }

  @Test
  void aMissingLineIsNamed() {
    String text = Fixture.recorded("status-linux-3.10").latin1();

    assertThatThrownBy(() -> Fixture.of(text.replace("SigCgt", "SigXyz")).parse(Status::parse))
        .isInstanceOf(MalformedProcException.class)
        .hasMessageStartingWith("/proc/1/x: no line \"SigCgt\" in \"Name:\\tinit\\nState");
  }

  private static Status named(String escaped) {
    String text = Fixture.recorded("status-linux-3.10").latin1();
    return Fixture.of(text.replace("Name:\tinit", "Name:\t" + escaped)).parse(Status::parse);
  }
}
