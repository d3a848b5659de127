package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of {@code /proc}, and the parser for it. Those that name an old kernel follow its
 * documented format; the others were recorded from live processes under Linux 6.18.
 */
record Sample(Fixture fixture, ProcParser<?> parser) {
  /** At least one of every kind. */
  static List<Sample> all() {
    return Stream.of(
            recorded(
                Stat::parse,
                "stat-odd-name",
                "stat-kernel-thread",
                "stat-zombie-leader",
                "stat-linux-3.2"),
            recorded(
                Status::parse,
                "status-odd-name",
                "status-kernel-thread",
                "status-zombie-leader",
                "status-linux-3.10"),
            recorded(Statm::parse, "statm-6.18"),
            recorded(Cmdline::parse, "cmdline-args", "cmdline-title", "cmdline-padded"),
            recorded(Environ::parse, "environ-odd"),
            recorded(Auxv::parse, "auxv-64", "auxv-32"),
            recorded(Mapping::parse, "maps-odd", "maps-32"),
            recorded(SmapsRollup::parse, "smaps_rollup-6.18", "smaps_rollup-4.14"),
            recorded(Smaps::parse, "smaps-6.18"),
            recorded(SocketTable.TCP, "net-tcp-6.18"),
            recorded(SocketTable.TCP6, "net-tcp6-6.18"),
            recorded(SocketTable.UDP6, "net-udp6-6.18"),
            recorded(SocketTable.RAW_4, "net-raw-6.18"),
            recorded(SocketTable.UNIX, "net-unix-6.18"),
            recorded(SocketTable.NETLINK, "net-netlink-6.18"),
            recorded(SocketTable.PACKET, "net-packet-6.18"),
            recorded(Cgroup::parse, "cgroup-v1", "cgroup-v2", "cgroup-hybrid-deleted"),
            recorded(Mount::parse, "mountinfo-6.18"),
            recorded(Limits::parse, "limits-6.18"),
            recorded(Io::parse, "io-6.18"),
            recorded(FdInfo::parse, "fdinfo-epoll-3.10", "fdinfo-inotify", "fdinfo-lock"),
            recorded(SystemStat::parse, "system-stat-6.18", "system-stat-2.6"),
            recorded(MemInfo::parse, "meminfo-6.18", "meminfo-2.6.18"),
            recorded(LoadAvg::parse, "loadavg-6.18"),
            recorded(Uptime::parse, "uptime-6.18"),
            written(Comm::parse, "a)\n\\ \377\n"),
            written(
                Syscall::parse,
                "running\n",
                "-1 0x7ff0 0xffffffffff600000\n",
                "34 0x0 0x1 0x2 0x7f20fd732fa0 0xffffffffffffffff 0x5 0x7f20fd714ea0 0x7f\n"),
            written(
                KernelStack::parse,
                "[<0>] do_poll+0x1b1/0x2c0\n[<0>] __x64_sys_poll+0xab/0x130\n",
                "[<ffffffff8120a1d1>] do_poll+0x1b1/0x2c0\n"),
            written(Wchan::parse, "do_sys_poll"),
            written(Children::parse, "12 7 4194304 "),
            written(
                Sample::link,
                "/usr/bin/odd",
                "/tmp/a\n (deleted)",
                "/memfd:a b/c\n (deleted)",
                "pipe:[4711]",
                "socket:[4711]",
                "net:[4026531833]",
                "anon_inode:[eventpoll]",
                "(unreachable)/x"))
        .flatMap(samples -> samples)
        .toList();
  }

  private static Stream<Sample> recorded(ProcParser<?> parser, String... names) {
    return Stream.of(names).map(name -> new Sample(Fixture.recorded(name), parser));
  }

  private static Stream<Sample> written(ProcParser<?> parser, String... texts) {
    return Stream.of(texts).map(text -> new Sample(Fixture.of(text), parser));
  }

  private static Link link(Path source, byte[] bytes, int length) {
    return Link.parse(ByteString.copyOf(bytes, 0, length));
  }

  @Override
  public String toString() {
    return fixture.source()
        + " "
        + Printable.of(fixture.bytes(), 0, Math.min(20, fixture.bytes().length));
  }
}
