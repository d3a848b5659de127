package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that look unusual. */
@Timeout(120)
class OddProcessesIT {
  private final ProcFs proc = ProcFs.of();

  @Test
  void aTitleWithoutANulReplacesArgumentsAndEnvironment() throws Exception {
    try (OddProcess odd = OddProcess.start("title")) {
      Cmdline title = proc.process(odd.pid()).cmdline().orElseThrow();

      assertThat(title.args()).hasSize(1);
      assertThat(title.toString()).matches("t{20,}");
      assertThat(proc.process(odd.pid()).environ().orElseThrow().bytes().toString()).matches("t*");
    }
  }

  @Test
  void aTitleMayHaveNulsBehindIt() throws Exception {
    try (OddProcess odd = OddProcess.start("padded", "some more arguments")) {
      Cmdline title = proc.process(odd.pid()).cmdline().orElseThrow();

      assertThat(title).hasToString("t: x");
      assertThat(title.bytes().length()).isGreaterThan(20);
    }
  }

  @Test
  void aCommandLineOfTwoMebibytesIsReadWhole() throws Exception {
    int bytes = 2 << 20;
    try (OddProcess odd = OddProcess.start("long", String.valueOf(bytes))) {
      Cmdline cmdline = proc.process(odd.pid()).cmdline().orElseThrow();

      assertThat(cmdline.bytes().length()).isGreaterThan(bytes);
      assertThat(cmdline.args()).hasSize(2 + bytes / 100_000 + 1);
      assertThat(cmdline.args().getLast().length()).isEqualTo(99_999);
    }
  }

  @Test
  void anEnvironmentNeedNotBeText() throws Exception {
    try (OddProcess odd = OddProcess.start("environ")) {
      Environ environ = proc.process(odd.pid()).environ().orElseThrow();

      assertThat(environ.strings())
          .containsExactly(
              ByteString.of("A=1"),
              ByteString.of("\377\376=\1\n".getBytes(ISO_8859_1)),
              ByteString.of("no sign"),
              ByteString.of(""),
              ByteString.of("="),
              ByteString.of("A=2"),
              ByteString.of("EMPTY="));
      assertThat(environ.get("A")).hasValue(ByteString.of("1"));
      assertThat(environ.get("EMPTY")).hasValue(ByteString.of(""));
    }
  }

  @Test
  void aZombieHasNoMemoryAndNoFilesButAName() throws Exception {
    try (OddProcess odd = OddProcess.start("zombie")) {
      ProcessFiles zombie = proc.process(odd.pid());

      assertWithoutMemory(zombie);
      assertThat(zombie.stat().orElseThrow().isZombie()).isTrue();
      assertThat(zombie.stat().orElseThrow().ppid()).isEqualTo((int) odd.process().pid());
      assertThat(zombie.comm().orElseThrow()).isEqualTo(Comm.of("odd"));
      assertThat(zombie.fd().orElseThrow()).isEmpty();
      assertThat(zombie.cwd().orElseThrow()).isEmpty();
      assertThat(zombie.root().orElseThrow()).isEmpty();
      assertThat(zombie.fdInfo(0).orElseThrow()).isEmpty();
      assertThat(zombie.ns().orElseThrow()).doesNotContainKey("net");
      assertThat(zombie.limits().isPresent()).isTrue();
      assertThat(zombie.io().isPresent()).isTrue();
      assertThat(zombie.cgroup().isPresent()).isTrue();
      assertThat(zombie.mounts().orElseThrow()).isEmpty();
      assertThat(zombie.id().orElseThrow().isAlive()).isFalse();
      assertThat(zombie.id().orElseThrow().toHandle()).isEmpty();
    }
  }

  @Test
  void whatALeaderThatEndedLacksItsThreadsShow() throws Exception {
    try (OddProcess odd = OddProcess.start("leader")) {
      ProcessFiles leader = proc.process(odd.pid());
      List<Integer> tids = new ArrayList<>(leader.tasks().orElseThrow());
      tids.remove(Integer.valueOf(odd.pid()));
      ThreadFiles other = leader.thread(tids.getFirst());

      assertWithoutMemory(leader);
      assertThat(leader.stat().orElseThrow().isZombie()).isTrue();
      assertThat(leader.id().orElseThrow().isAlive()).isTrue();
      assertThat(other.cmdline().orElseThrow().args()).contains(ByteString.of("leader"));
      assertThat(other.maps().orElseThrow()).isNotEmpty();
      assertThat(other.libraries().orElseThrow().toString()).contains("libc");
      assertThat(other.exe().orElseThrow())
          .hasValue(Link.parse(ByteString.of(OddProcess.program().toRealPath().toString())));
      assertThat(other.fd().orElseThrow()).isNotEmpty();
      assertThat(other.smapsRollup().orElseThrow()).isNotEmpty();
      assertThat(other.pid()).isEqualTo(odd.pid());
      assertThat(other.tid()).isEqualTo(tids.getFirst());
    }
  }

  @Test
  void aKernelThreadHasNoMemory() {
    // Where we are in a PID namespace of our own, there is none to be seen.
    Optional<Stat> found =
        proc.processes()
            .flatMap(process -> process.stat().toOptional().stream())
            .filter(Stat::isKernelThread)
            .findFirst();
    if (found.isEmpty()) {
      System.out.println("OddProcessesIT: no kernel thread here, not looked at");
      return;
    }
    ProcessFiles thread = proc.process(found.orElseThrow().pid());
    if (thread.environ().isDenied()) {
      System.out.println("OddProcessesIT: a kernel thread's environ is for root, not looked at");
      return;
    }
    assertWithoutMemory(thread);
    assertThat(thread.cwd().orElseThrow()).hasValue(new Link.File(ByteString.of("/")));
  }

  private static void assertWithoutMemory(ProcessFiles task) {
    assertThat(task.cmdline().orElseThrow().args()).isEmpty();
    assertThat(task.environ().orElseThrow().strings()).isEmpty();
    assertThat(task.auxv().orElseThrow().raw()).isEmpty();
    assertThat(task.maps().orElseThrow()).isEmpty();
    assertThat(task.smapsRollup().orElseThrow()).isEmpty();
    assertThat(task.statm().orElseThrow()).isEqualTo(new Statm(0, 0, 0, 0, 0, 0, 0));
    assertThat(task.status().orElseThrow().memory()).isEmpty();
    assertThat(task.exe().orElseThrow()).isEmpty();
    assertThat(task.libraries().orElseThrow()).isEmpty();
  }

  @Test
  void everyKindOfOpenFileIsTold(@TempDir Path dir) throws Exception {
    try (OddProcess odd = OddProcess.start("files", dir.toString())) {
      ProcessFiles files = proc.process(odd.pid());
      Map<Integer, Link> targets =
          files.fd().orElseThrow().stream()
              .collect(Collectors.toMap(OpenFile::fd, OpenFile::target));
      String real = dir.toRealPath().toString();

      assertThat(targets.get(10)).isEqualTo(new Link.File(ByteString.of(real + "/plain")));
      assertThat(targets.get(11)).isEqualTo(new Link.DeletedFile(ByteString.of(real + "/gone")));
      assertThat(targets.get(12))
          .isEqualTo(new Link.File(ByteString.ofLatin1(real + "/bytes \n\377")));
      assertThat(targets.get(13)).isInstanceOf(Link.Pipe.class).isEqualTo(targets.get(14));
      assertThat(targets.get(15)).isInstanceOf(Link.Socket.class);
      assertThat(targets.get(16)).isEqualTo(new Link.MemFd(ByteString.of("a memory/x")));
      assertThat(List.of(17, 18, 19, 20, 21, 22))
          .extracting(fd -> kind(targets.get(fd)))
          .containsExactly(
              Link.AnonInode.Kind.EVENTFD,
              Link.AnonInode.Kind.EVENTPOLL,
              Link.AnonInode.Kind.TIMERFD,
              Link.AnonInode.Kind.SIGNALFD,
              Link.AnonInode.Kind.INOTIFY,
              Link.AnonInode.Kind.PIDFD);
      assertThat(targets.get(23)).isEqualTo(files.ns().orElseThrow().get("net"));
      assertThat(targets.get(24)).hasToString("/dev/null");
      FdInfo plain = files.fdInfo(10).orElseThrow().orElseThrow();
      assertThat(plain.flags() & 02000).as("O_APPEND").isEqualTo(02000);
      assertThat(plain.isReadable() && plain.isWritable()).isTrue();
      assertThat(files.fdInfo(24).orElseThrow().orElseThrow().isReadable()).isFalse();
      assertThat(files.fdInfo(999).orElseThrow()).isEmpty();
    }
  }

  private static Link.AnonInode.Kind kind(@Nullable Link target) {
    assertThat(target).isInstanceOf(Link.AnonInode.class);
    return target instanceof Link.AnonInode(var kind, _) ? kind : Link.AnonInode.Kind.OTHER;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aProcessKilledBetweenAnyTwoReadsVanishes(int seed) throws Exception {
    List<Function<ProcessFiles, ProcResult<?>>> readers =
        List.of(
            TaskFiles::stat,
            TaskFiles::status,
            TaskFiles::cmdline,
            TaskFiles::environ,
            TaskFiles::maps,
            TaskFiles::smapsRollup,
            TaskFiles::fd,
            TaskFiles::ns,
            TaskFiles::limits,
            TaskFiles::io,
            TaskFiles::cgroup,
            TaskFiles::mounts,
            TaskFiles::auxv,
            TaskFiles::exe,
            TaskFiles::libraries,
            ProcessFiles::tasks,
            ProcessFiles::children);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      try (OddProcess odd = OddProcess.start("wait")) {
        ProcessFiles files = proc.process(odd.pid());
        int alive = random.nextInt(2 * readers.size());
        Thread killer =
            Thread.ofPlatform().unstarted(() -> killed(odd, random.split().nextInt(200_000)));
        boolean vanished = false;
        for (int i = 0; !vanished; i++) {
          if (i == alive) {
            killer.start();
          }
          ProcResult<?> result = readers.get(i % readers.size()).apply(files);
          assertThat(result.isDenied()).as("%s", result).isFalse();
          vanished = result.isVanished();
        }
        killer.join();
        for (Function<ProcessFiles, ProcResult<?>> reader : readers) {
          assertThat(reader.apply(files).isVanished()).isTrue();
        }
      }
    }
  }

  private static void killed(OddProcess odd, int spins) {
    for (int i = 0; i < spins; i++) {
      Thread.onSpinWait();
    }
    odd.kill();
  }

  @Test
  void mapsAreOfOneProgramThroughoutAnExec() throws IOException, InterruptedException {
    // A shell that becomes another one, again and again: both have the same first lines, and the
    // rest must not be missing. A new memory begins with its stack, without files and names.
    Process execs =
        new ProcessBuilder(
                "sh",
                "-c",
                "i=$1; [ $i -gt 0 ] || exec cat; exec sh -c \"$0\" \"$0\" $((i - 1))",
                "i=$1; [ $i -gt 0 ] || exec cat; exec sh -c \"$0\" \"$0\" $((i - 1))",
                "300")
            .start();
    try {
      ProcessFiles files = proc.process((int) execs.pid());
      boolean cat = false;
      while (!cat) {
        List<Mapping> maps = files.maps().orElseThrow();
        if (maps.stream().anyMatch(m -> m.inode() != 0)) {
          assertThat(maps).extracting(m -> m.path().toString()).contains("[stack]");
        }
        cat = files.comm().orElseThrow().equals(Comm.of("cat"));
      }
    } finally {
      execs.destroyForcibly().waitFor();
    }
  }
}
