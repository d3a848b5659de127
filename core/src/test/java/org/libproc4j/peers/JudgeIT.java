package org.libproc4j.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.ProcessHandle;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Jvm;
import org.libproc4j.testing.Target;

/** The table is as good as its judge: what is wrong with a peer is seen, and in these words. */
@Timeout(600)
class JudgeIT {
  private static final String HELD = "100 threads, held";
  private static final String FOLLOWED = "a storm of short-lived threads, followed";

  /** Until all have stopped, which kill does not wait for. */
  private static final String STOP =
      "kill -STOP $0;"
          + " while grep -h ^State: /proc/$0/task/*/status | grep -qv 'T ('; do sleep 0.02; done; ";

  /** A peer that does whatever it is asked to by one shell script, given a pid. */
  private record Planted(String script, Duration limit) implements Peer {
    @Override
    public Optional<String> version() {
      return Optional.of("planted");
    }

    @Override
    public String name() {
      return "planted";
    }

    @Override
    public Optional<Command> hold(int pid) {
      return Optional.of(
          new Command(List.of("sh", "-c", script, "" + pid), "there", Command.LetGo.LINE, limit));
    }

    @Override
    public Optional<Command> follow(int pid) {
      return hold(pid);
    }

    @Override
    public Optional<Command> cycle(int pid) {
      return hold(pid);
    }
  }

  private static Planted planted(String script) {
    return new Planted(script, Command.LIMIT);
  }

  private static AbstractStringAssert<?> assertCell(String situation, Peer peer) throws Exception {
    Row row =
        Rows.all().stream()
            .filter(some -> some.situation().equals(situation))
            .findFirst()
            .orElseThrow();
    List<String> evidence = new ArrayList<>();
    String cell = row.once().play(peer, evidence::add);
    assertThat(evidence.isEmpty()).as("evidence: %s", evidence).isEqualTo(cell.startsWith("ok"));
    return assertThat(cell).as("evidence: %s", evidence);
  }

  @Test
  void seesNothingWhereNothingIsWrong() throws Exception {
    assertCell(HELD, Peers.LIBPROC4J).isEqualTo("ok");
    assertCell(FOLLOWED, Peers.LIBPROC4J).isEqualTo("ok");
    assertCell(HELD, Peers.KILL).isEqualTo("ok");
  }

  @Test
  void seesThreadsThatAreNotHeld() throws Exception {
    assertCell(HELD, planted("echo there; read line")).isEqualTo("threads still ran 1/1");
  }

  @Test
  void seesThreadsThatStandStill() throws Exception {
    assertCell(FOLLOWED, planted(STOP + "echo there; read line; kill -CONT $0"))
        .isEqualTo("stood still 1/1");
  }

  @Test
  void seesATargetThatIsLeftStopped() throws Exception {
    assertCell(HELD, planted(STOP + "echo there; read line")).isEqualTo("left stopped 1/1");
  }

  @Test
  void seesATargetThatThePeersDeathLeavesStopped() throws Exception {
    assertCell("the peer is killed at any moment", planted(STOP + "echo there; sleep 1000"))
        .isEqualTo("left stopped 1/1");
  }

  @Test
  void seesATargetThatIsKilled() throws Exception {
    assertCell(
            HELD,
            planted(
                STOP
                    + "echo there; read line; kill -KILL $0;"
                    + " while kill -0 $0 2>/dev/null; do sleep 0.02; done"))
        .isEqualTo("target killed 9 1/1");
  }

  @Test
  void seesAPeerThatFails() throws Exception {
    assertCell(FOLLOWED, planted("exit 1")).isEqualTo("fails to attach 1/1");
    assertCell(FOLLOWED, planted("echo not there; read line")).isEqualTo("gives up 1/1");
  }

  @Test
  void seesAPeerThatHangs(@TempDir Path directory) throws Exception {
    Duration second = Duration.ofSeconds(1);
    Path pids = directory.resolve("pids");
    String hangs = "trap '' INT; sleep 1000 & echo $$ $! >" + pids + "; wait";
    assertCell(FOLLOWED, new Planted(hangs, second)).isEqualTo("hangs 1/1, does not let go 1/1");
    assertThat(Files.readString(pids).split("\\s+"))
        .as("is killed with all that it has started")
        .allMatch(pid -> Target.hasEnded(Integer.parseInt(pid)));
    assertCell(FOLLOWED, new Planted("echo there; sleep 1000", second))
        .isEqualTo("does not let go 1/1");
  }

  @Test
  void seesALostSignal() throws Exception {
    Peer thief =
        new Peer() {
          @Override
          public String name() {
            return "thief";
          }

          @Override
          public Optional<String> version() {
            return Optional.of("planted");
          }

          @Override
          public Optional<Command> follow(int pid) {
            return Optional.of(
                Command.untilLine(
                    "following",
                    Jvm.command(
                        Thief.class,
                        List.of(ProcessHandle.class, ProcFs.class, linux_h.class),
                        "" + pid)));
          }
        };
    assertCell("22 signals while followed", thief).isEqualTo("signals lost 1/22");
  }

  @Test
  void seesWhatAParentIsToldAndWhichHandlersRun() throws Exception {
    assertCell("nobody is told of a hold", Peers.KILL)
        .isEqualTo("parent told 1/1, SIGCONT handler ran 1/1");
    assertCell("job-stopped before, held", Peers.KILL)
        .isEqualTo("no longer stopped 1/1, parent told 1/1, SIGCONT handler ran 1/1");
  }
}
