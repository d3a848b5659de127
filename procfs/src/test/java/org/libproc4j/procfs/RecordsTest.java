package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.libproc4j.procfs.Limits.Resource;

/** What each file's record says of a file that a kernel wrote. */
class RecordsTest {
  @Test
  void statmCountsPages() {
    assertThat(Fixture.of("3411 1024 900 2 0 300 0\n").parse(Statm::parse))
        .isEqualTo(new Statm(3411, 1024, 900, 2, 0, 300, 0));
    assertThat(Fixture.of("1 2 3 4 5 6 7 8 new\n").parse(Statm::parse).dirty()).isEqualTo(7);
    assertThatThrownBy(() -> Fixture.of("1 2 3 4 5 6\n").parse(Statm::parse))
        .isInstanceOf(MalformedProcException.class);
  }

  @Test
  void anArgumentMayBeEmptyAndOfAnyBytes() {
    assertThat(Fixture.recorded("cmdline-args").parse(Cmdline::parse).args())
        .containsExactly(
            ByteString.of("./odd"),
            ByteString.of("two words"),
            ByteString.of(""),
            ByteString.of(new byte[] {(byte) 0xff, '\n'}));
  }

  @Test
  void aTitleWithoutANulIsOneArgument() {
    Cmdline title = Fixture.recorded("cmdline-title").parse(Cmdline::parse);

    assertThat(title.args()).containsExactly(ByteString.of("sshd: root@pts/0"));
    assertThat(title).hasToString("sshd: root@pts/0");
  }

  @Test
  void whatFillsUpATitleIsNotShown() {
    Cmdline title = Fixture.recorded("cmdline-padded").parse(Cmdline::parse);

    assertThat(title).hasToString("nginx: worker process");
    assertThat(title.args()).hasSize(8);
  }

  @Test
  void aCommandLineMayBeEmpty() {
    Cmdline none = Fixture.of("").parse(Cmdline::parse);

    assertThat(none.args()).isEmpty();
    assertThat(none).hasToString("");
    assertThat(Fixture.of("\0").parse(Cmdline::parse).args()).containsExactly(ByteString.of(""));
  }

  @Test
  void aCommandLineIsShownOnOneLine() {
    assertThat(Fixture.of("a\0b c\0\33[2J\n\0").parse(Cmdline::parse))
        .hasToString("a b c \\x1b[2J\\n");
  }

  @Test
  void aSettingIsFoundByItsNameAndTheFirstOneCounts() {
    Environ environ = Fixture.of("B=\0A=1\0AB=2\0A=3\0noA\0\377=\1\0").parse(Environ::parse);

    assertThat(environ.get("A")).hasValue(ByteString.of("1"));
    assertThat(environ.get("B")).hasValue(ByteString.of(""));
    assertThat(environ.get("noA")).isEmpty();
    assertThat(environ.strings()).hasSize(6).endsWith(ByteString.of(new byte[] {-1, '=', 1}));
  }

  @Test
  void auxvIsPairsOfWords() {
    Auxv auxv = Fixture.recorded("auxv-64").parse(Auxv::parse);

    assertThat(auxv.get(Auxv.Type.PAGESZ)).hasValue(4096);
    assertThat(auxv.get(Auxv.Type.CLKTCK)).hasValue(100);
    assertThat(auxv.get(Auxv.Type.UID)).hasValue(0);
    assertThat(auxv.get(Auxv.Type.EXECFD)).isEmpty();
    assertThat(auxv.raw()).containsKey(33L).doesNotContainKey(0L);
  }

  @Test
  void auxvOfA32BitProgramHasWordsOf32Bits() {
    Auxv auxv = Fixture.recorded("auxv-32").parse(Auxv::parse);

    assertThat(auxv.get(Auxv.Type.PAGESZ)).hasValue(4096);
    assertThat(auxv.get(Auxv.Type.PHENT)).hasValue(32);
    assertThat(auxv.get(Auxv.Type.ENTRY)).hasValue(0x8049022);
    assertThat(Fixture.of("").parse(Auxv::parse).raw()).isEmpty();
  }

  @Test
  void aMappingHasItsFileWithEverythingAboutIt() {
    List<Mapping> maps = Fixture.recorded("maps-odd").parse(Mapping::parse);

    assertThat(maps.get(1))
        .isEqualTo(
            new Mapping(
                0x564cfa24a000L,
                0x564cfa24b000L,
                true,
                false,
                true,
                false,
                0x1000,
                0xfe,
                0,
                2163405,
                ByteString.of("/usr/bin/odd")));
    assertThat(maps.get(1).size()).isEqualTo(4096);
    assertThat(maps.get(1).permissions()).isEqualTo("r-xp");
    assertThat(maps.getLast().start()).isEqualTo(0xffffffffff600000L);
    assertThat(maps.getLast().permissions()).isEqualTo("--xp");
  }

  @Test
  void aMappingTellsWhatIsMapped() {
    List<Link> targets =
        Fixture.recorded("maps-odd").parse(Mapping::parse).stream().map(Mapping::target).toList();

    assertThat(targets)
        .contains(
            new Link.File(ByteString.of("/usr/bin/odd")),
            new Link.DeletedFile(ByteString.of("/tmp/gone")),
            new Link.DeletedFile(ByteString.of("/dev/zero")),
            new Link.DeletedFile(ByteString.of("/SYSV00000000")),
            new Link.MemFd(ByteString.of("a b")),
            new Link.Other(ByteString.of("[stack]")),
            new Link.Other(ByteString.of("")))
        .anySatisfy(t -> assertThat(t.toString()).isEqualTo("/tmp/new\\nline \\n \\xff"));
  }

  @Test
  void smapsRollupIsInBytes() {
    SmapsRollup sums =
        Fixture.recorded("smaps_rollup-4.14").parse(SmapsRollup::parse).orElseThrow();

    assertThat(sums.rss()).isEqualTo(884 * 1024);
    assertThat(sums.pss()).isEqualTo(385 * 1024);
    assertThat(sums.privateDirty()).isEqualTo(68 * 1024);
    assertThat(sums.swapPss()).hasValue(0);
    assertThat(sums.pssAnon()).isEmpty();
    assertThat(sums.ksm()).isEmpty();
    assertThat(Fixture.of("").parse(SmapsRollup::parse)).isEmpty();
  }

  @Test
  void aNewerKernelsSumsAreThere() {
    SmapsRollup sums =
        Fixture.recorded("smaps_rollup-6.18").parse(SmapsRollup::parse).orElseThrow();

    assertThat(sums.pssAnon().orElseThrow() + sums.pssFile().orElseThrow()).isPositive();
    assertThat(sums.ksm()).hasValue(0);
    assertThat(sums.raw()).containsKey("FilePmdMapped");
  }

  @Test
  void cgroupsOfBothVersionsAreTold() {
    List<Cgroup> groups = Fixture.recorded("cgroup-hybrid-deleted").parse(Cgroup::parse);

    assertThat(groups)
        .contains(
            new Cgroup(11, List.of("cpu", "cpuacct"), ByteString.of("/system.slice/sshd.service")),
            new Cgroup(0, List.of(), ByteString.of("/old (deleted)")));
    assertThat(groups).filteredOn(Cgroup::isUnified).hasSize(1);
    assertThat(Fixture.recorded("cgroup-v2").parse(Cgroup::parse))
        .singleElement()
        .satisfies(g -> assertThat(g.path().toString()).endsWith("app-a\\\\x2db.scope"));
  }

  @Test
  void mountsAreToldWithWhatIsEscapedInTheirNames() {
    List<Mount> mounts = Fixture.recorded("mountinfo-6.18").parse(Mount::parse);

    assertThat(mounts)
        .anySatisfy(
            mount -> {
              assertThat(mount.mountPoint()).isEqualTo(ByteString.of("/mnt/a b\nc\\d"));
              assertThat(mount.device()).isEqualTo(ByteString.of("a device"));
              assertThat(mount.type()).isEqualTo(ByteString.of("tmpfs"));
              assertThat(mount.propagation()).hasSize(1).allMatch(p -> p.startsWith("shared:"));
            })
        .anySatisfy(
            mount -> {
              assertThat(mount.type()).isEqualTo(ByteString.of("proc"));
              assertThat(mount.superOptions()).contains("hidepid=invisible");
              assertThat(mount.options()).contains("rw", "relatime");
              assertThat(mount.mountPoint().toString()).endsWith("/ü");
            })
        .anySatisfy(
            mount -> {
              assertThat(mount.root()).isEqualTo(ByteString.of("/sub#x"));
              assertThat(mount.mountPoint()).isEqualTo(ByteString.of("/mnt/a b\nc\\d/sub#x"));
            })
        .filteredOn(mount -> mount.type().equals(ByteString.of("cgroup2")))
        .singleElement()
        .satisfies(mount -> assertThat(mount.root()).isEqualTo(ByteString.of("/")));
  }

  @Test
  void aKernelStackIsAListOfFunctionsWithAndWithoutTheirAddresses() {
    assertThat(
            Fixture.of("[<0>] a+0x1/0x2\n[<ffff81>] b+0x3/0x4 [mod]\n").parse(KernelStack::parse))
        .containsExactly("a+0x1/0x2", "b+0x3/0x4 [mod]");
    assertThat(Fixture.of("").parse(KernelStack::parse)).isEmpty();
  }

  @Test
  void aLimitMayBeUnlimited() {
    Limits limits = Fixture.recorded("limits-6.18").parse(Limits::parse);

    assertThat(limits.get(Resource.STACK))
        .hasValue(new Limits.Limit(OptionalLong.of(8388608), OptionalLong.empty(), "bytes"));
    assertThat(limits.get(Resource.NICE))
        .hasValue(new Limits.Limit(OptionalLong.of(0), OptionalLong.of(0), ""));
    assertThat(limits.raw()).hasSize(Resource.values().length);
  }

  @Test
  void ioCountsBytesAndCalls() {
    String text =
        """
        rchar: 1
        wchar: 2
        syscr: 3
        syscw: 4
        read_bytes: 5
        write_bytes: 6
        cancelled_write_bytes: 7
        new: 8
        """;
    Io io = Fixture.of(text).parse(Io::parse);

    assertThat(io.readBytes()).isEqualTo(5);
    assertThat(io.cancelledWriteBytes()).isEqualTo(7);
    assertThat(io.raw()).contains(entry("new", "8"));
  }

  @Test
  void fdInfoHasOctalFlags() {
    FdInfo lock = Fixture.recorded("fdinfo-lock").parse(FdInfo::parse);

    assertThat(lock.flags()).isEqualTo(0100002);
    assertThat(lock.isReadable()).isTrue();
    assertThat(lock.isWritable()).isTrue();
    assertThat(lock.ino()).hasValue(2172657);
    assertThat(lock.raw().get("lock")).startsWith("1: FLOCK");
    assertThat(Fixture.of("pos:\t12\nflags:\t0100001\n").parse(FdInfo::parse))
        .matches(info -> info.pos() == 12 && info.isWritable() && !info.isReadable())
        .matches(info -> info.mntId().isEmpty() && info.ino().isEmpty());
  }

  @Test
  void theMachinesTimesAreOfEachProcessorAndOfAll() {
    SystemStat stat = Fixture.recorded("system-stat-2.6").parse(SystemStat::parse);

    assertThat(stat.total().user()).isEqualTo(10132153);
    assertThat(stat.total().softirq()).isEqualTo(25195);
    assertThat(stat.total().steal()).isEmpty();
    assertThat(stat.cpus()).containsOnlyKeys(0);
    assertThat(stat.btime()).isEqualTo(Instant.ofEpochSecond(1309262352));
    assertThat(stat.intr()).hasValue(8688370575L);
    assertThat(stat.softirq()).isEmpty();
    assertThat(Fixture.recorded("system-stat-6.18").parse(SystemStat::parse).cpus()).hasSize(2);
  }

  @Test
  void columnsAndLinesOfANewerKernelDoNotDisturb() {
    String text = Fixture.recorded("system-stat-2.6").latin1();

    assertThat(
            Fixture.of(text.replaceAll("(?m)^(cpu.*)$", "$1 1 2 3 4 5") + "cpux 7\nnew\n")
                .parse(SystemStat::parse))
        .satisfies(stat -> assertThat(stat.total().guestNice()).hasValue(3))
        .satisfies(stat -> assertThat(stat.raw()).containsEntry("cpux", "7").containsKey("new"));
  }

  @Test
  void memInfoIsInBytes() {
    MemInfo old = Fixture.recorded("meminfo-2.6.18").parse(MemInfo::parse);

    assertThat(old.memTotal()).isEqualTo(3894416L * 1024);
    assertThat(old.memAvailable()).isEmpty();
    assertThat(old.bytes("Hugepagesize")).hasValue(2048 * 1024);
    assertThat(old.bytes("HugePages_Total")).isEmpty();
    assertThat(old.bytes("NoSuchLine")).isEmpty();
    assertThat(Fixture.recorded("meminfo-6.18").parse(MemInfo::parse).memAvailable()).isNotEmpty();
  }

  @Test
  void loadAvgAndUptimeHaveTwoDecimals() {
    assertThat(Fixture.of("14.52 6.96 2.03 10/369 3208\n").parse(LoadAvg::parse))
        .isEqualTo(new LoadAvg(14.52, 6.96, 2.03, 10, 369, 3208));
    assertThat(Fixture.of("564.21 457.08\n").parse(Uptime::parse))
        .isEqualTo(new Uptime(Duration.ofMillis(564210), Duration.ofMillis(457080)));
    assertThatThrownBy(() -> Fixture.of("564.2 457.08\n").parse(Uptime::parse))
        .isInstanceOf(MalformedProcException.class);
  }

  @Test
  void anyFieldOfStatIsFoundByItsNumber() {
    Stat stat = Fixture.recorded("stat-odd-name").parse(Stat::parse);

    assertThat(stat.field(3)).hasValue(String.valueOf(stat.stateCode()));
    assertThat(stat.field(22)).hasValue(String.valueOf(stat.startTime()));
    assertThat(stat.field(28)).hasValue("140722776101376");
    assertThat(stat.field(2)).isEmpty();
    assertThat(stat.field(53)).isEmpty();
  }

  @Test
  void bytesAreKeptShownAndOrdered() {
    ByteString odd = ByteString.of("a\377".getBytes(ISO_8859_1));

    assertThat(odd.bytes()).isEqualTo("a\377".getBytes(ISO_8859_1));
    assertThat(odd.text()).isEmpty();
    assertThat(odd).hasToString("a\\xff").isGreaterThan(ByteString.of("az"));
    assertThat(ByteString.of("ä\n").text()).hasValue("ä\n");
    assertThat(ByteString.of("").isEmpty()).isTrue();
    assertThat(odd.length()).isEqualTo(2);
  }
}
