package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other programs say of the same process. */
@Timeout(120)
class PeersIT {
  private final ProcFs proc = ProcFs.of();

  @Test
  void psSaysTheSame() throws Exception {
    try (OddProcess odd = OddProcess.start("wait", "two words")) {
      List<String> said =
          words(
              "ps",
              "-o",
              "ppid=,pgid=,sid=,tpgid=,uid=,gid=,nlwp=,ni=,stat=,vsz=,comm=",
              "-p",
              String.valueOf(odd.pid()));
      Stat stat = proc.process(odd.pid()).stat().orElseThrow();
      Status status = proc.process(odd.pid()).status().orElseThrow();

      assertThat(said.subList(0, 4))
          .containsExactly(
              String.valueOf(stat.ppid()),
              String.valueOf(stat.pgrp()),
              String.valueOf(stat.session()),
              String.valueOf(stat.tpgid()));
      assertThat(said.subList(4, 8))
          .containsExactly(
              String.valueOf(status.uid().effective()),
              String.valueOf(status.gid().effective()),
              String.valueOf(stat.numThreads()),
              String.valueOf(stat.nice()));
      assertThat(said.get(8)).startsWith(String.valueOf(stat.stateCode()));
      assertThat(said.get(9)).isEqualTo(String.valueOf(stat.vsize() / 1024));
      assertThat(said.get(10)).isEqualTo(stat.comm().toString());
    }
  }

  @Test
  void psShowsTheSameCommandLine() throws Exception {
    try (OddProcess odd = OddProcess.start("wait", "two words", "", "last")) {
      String args =
          String.join("\n", said("ps", "-ww", "-o", "args=", "-p", String.valueOf(odd.pid())));

      assertThat(proc.process(odd.pid()).cmdline().orElseThrow()).hasToString(args.stripTrailing());
    }
  }

  @Test
  void psSeesTheSameSignalMasks() throws Exception {
    try (OddProcess odd = OddProcess.start("wait")) {
      List<String> said =
          words("ps", "-o", "blocked=,ignored=,caught=", "-p", String.valueOf(odd.pid()));
      Status status = proc.process(odd.pid()).status().orElseThrow();

      assertThat(said.stream().map(mask -> Long.parseUnsignedLong(mask, 16)))
          .containsExactly(status.sigBlk(), status.sigIgn(), status.sigCgt());
    }
  }

  @Test
  void pmapSeesTheSameMappings() throws Exception {
    try (OddProcess odd = OddProcess.start("wait")) {
      List<String> lines = said("pmap", String.valueOf(odd.pid()));
      List<String> ours = new ArrayList<>();
      long total = 0;
      for (Mapping m : proc.process(odd.pid()).maps().orElseThrow()) {
        total += m.size();
        ours.add(
            String.format(
                "%016x %dK %s%s",
                m.start(),
                m.size() / 1024,
                m.permissions().substring(0, 3),
                m.shared() ? "s" : "-"));
      }

      assertThat(lines.subList(1, lines.size() - 1).stream().map(PeersIT::firstThreeWords))
          .hasSameSizeAs(ours)
          .containsExactlyElementsOf(ours);
      assertThat(lines.getLast().strip().split("\\s+"))
          .containsExactly("total", total / 1024 + "K");
    }
  }

  private static String firstThreeWords(String line) {
    String[] words = line.split("\\s+", 4);
    return words[0] + " " + words[1] + " " + words[2].substring(0, 4);
  }

  @Test
  void lsofSeesTheSameOpenFiles(@TempDir Path dir) throws Exception {
    try (OddProcess odd = OddProcess.start("files", dir.toString())) {
      // One field a line: the descriptor (f), and then its inode (i).
      Map<Integer, String> inodes = new TreeMap<>();
      int fd = -1;
      for (String line :
          said("lsof", "-n", "-P", "-w", "-p", String.valueOf(odd.pid()), "-F", "fi")) {
        if (line.startsWith("f")) {
          fd = line.matches("f\\d+") ? Integer.parseInt(line.substring(1)) : -1;
        } else if (line.startsWith("i") && fd >= 0) {
          inodes.put(fd, line.substring(1));
        }
      }
      ProcessFiles files = proc.process(odd.pid());

      assertThat(inodes).containsKeys(10, 11, 13, 14, 15);
      for (OpenFile file : files.fd().orElseThrow()) {
        String inode = inodes.getOrDefault(file.fd(), "");
        switch (file.target()) {
          case Link.Pipe(long number) -> assertThat(inode).isEqualTo(String.valueOf(number));
          case Link.Socket(long number) -> assertThat(inode).isEqualTo(String.valueOf(number));
          case Link.File _, Link.DeletedFile _ ->
              assertThat(inode)
                  .isEqualTo(
                      String.valueOf(
                          files.fdInfo(file.fd()).orElseThrow().orElseThrow().ino().orElseThrow()));
          default -> {
            // lsof has words of its own for the others.
          }
        }
      }
    }
  }

  @Test
  void statSeesTheSameLinks() throws Exception {
    try (OddProcess odd = OddProcess.start("wait")) {
      ProcessFiles files = proc.process(odd.pid());

      assertThat(said("stat", "-c", "%N", files.directory() + "/exe").getFirst())
          .endsWith(" -> '" + files.exe().orElseThrow().orElseThrow() + "'");
      assertThat(said("stat", "-c", "%N", files.directory() + "/ns/net").getFirst())
          .endsWith(" -> '" + files.ns().orElseThrow().get("net") + "'");
    }
  }

  @Test
  void getconfSaysTheSameOfTheMachine() throws Exception {
    int pid = (int) ProcessHandle.current().pid();

    assertThat(proc.process(pid).auxv().orElseThrow().get(Auxv.Type.PAGESZ))
        .hasValue(Long.parseLong(said("getconf", "PAGESIZE").getFirst()));
    assertThat(proc.process(pid).auxv().orElseThrow().get(Auxv.Type.CLKTCK))
        .hasValue(Long.parseLong(said("getconf", "CLK_TCK").getFirst()));
    assertThat(proc.stat().cpus())
        .hasSize(Integer.parseInt(said("getconf", "_NPROCESSORS_ONLN").getFirst()));
  }

  private static List<String> words(String... command) throws Exception {
    return List.of(said(command).getFirst().strip().split("\\s+"));
  }

  /** The lines that the program writes; the test ends here, and says so, where there is none. */
  private static List<String> said(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      String missing = "PeersIT: " + command[0] + " is not installed, not compared with";
      System.out.println(missing);
      Assumptions.abort(missing);
      throw e;
    }
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
    return lines;
  }
}
