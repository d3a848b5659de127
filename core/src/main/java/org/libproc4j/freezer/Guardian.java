package org.libproc4j.freezer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Open;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Spawn;
import org.libproc4j.internal.linux.Wait;

/**
 * A process that outlives us: when its pipe from us breaks, it sets everything running that it has
 * been told of, last stopped first; processes before control groups.
 *
 * <p>A shell, which once it has said that it is ready needs nothing but its own memory: only
 * built-ins, which it has tried. It knows bare numbers; checking start times in it would take a
 * third of a second.
 */
final class Guardian implements AutoCloseable {
  private static final String SCRIPT =
      """
      trap '' HUP INT QUIT PIPE TERM TSTP TTIN TTOU ALRM USR1 USR2
      thaw() {
        kill "$signal" $all
        for file do
          case $file in
            */freezer.state) echo THAWED >"$file" ;;
            *) echo 0 >"$file" ;;
          esac
        done
      }
      signal=-0 all=$$
      thaw /dev/null
      all= signal=-CONT
      set --
      echo ready
      while IFS= read -r line; do
        case $line in
          done) exit ;;
          /*) set -- "$line" "$@" ;;
          *) all="$line $all" ;;
        esac
      done
      thaw "$@"
      """;

  private static final List<String> COMMAND =
      List.of("/bin/sh", "-c", SCRIPT, "libproc4j-guardian");
  private static final byte[] DONE = "done\n".getBytes(StandardCharsets.US_ASCII);

  private final Libc libc;
  private final int pid;
  private final int pipe;

  /** Where it says that it needs nothing more; negative once it has. */
  private int answer;

  private Guardian(Libc libc, int pid, int pipe, int answer) {
    this.libc = libc;
    this.pid = pid;
    this.pipe = pipe;
    this.answer = answer;
  }

  /** Starts one. It gets ready while we find out whom to tell it of. */
  static Guardian start(Libc libc) throws Setback {
    int[] orders = pipe(libc);
    int[] answer = pipe(libc);
    try (Spawn spawn = new Spawn(libc)) {
      spawn.newSession();
      spawn.dup(orders[0], 0);
      spawn.dup(answer[1], 1);
      spawn.open(2, "/dev/null", Open.O_WRONLY);
      spawn.closeFrom(3);
      Priority.bequeath(libc);
      int pid = spawn.run(COMMAND, List.of());
      Priority.raise(libc, 0);
      libc.close(answer[1]);
      if (pid < 0) {
        libc.close(answer[0]);
        libc.close(orders[1]);
        throw new Setback("the guardian cannot be started: errno " + -pid);
      }
      Priority.raise(libc, pid);
      return new Guardian(libc, pid, orders[1], answer[0]);
    } finally {
      libc.close(orders[0]);
    }
  }

  private static int[] pipe(Libc libc) throws Setback {
    int[] ends = new int[2];
    int r = libc.pipe(ends);
    if (r < 0) {
      throw new Setback("no pipe to the guardian: errno " + -r);
    }
    return ends;
  }

  int pid() {
    return pid;
  }

  /** Tells of processes, in the order in which they will be stopped. */
  void learnProcesses(List<Integer> pids) throws Setback {
    tell(pids.reversed().stream().map(String::valueOf).collect(Collectors.joining(" ", "", "\n")));
  }

  /**
   * Tells of control groups by the files that they are thawed by, in the order in which they will
   * be frozen.
   */
  void learnGroups(List<Path> files) throws Setback {
    tell(files.stream().map(file -> file + "\n").collect(Collectors.joining()));
  }

  private void tell(String line) throws Setback {
    awaitReady();
    int r = libc.write(pipe, line.getBytes(StandardCharsets.US_ASCII));
    if (r < 0) {
      throw new Setback("the guardian has gone: errno " + -r);
    }
  }

  private void awaitReady() throws Setback {
    if (answer >= 0) {
      long r = libc.read(answer, new byte[1]);
      closeAnswer();
      if (r != 1) {
        throw new Setback("the guardian does not start");
      }
    }
  }

  private void closeAnswer() {
    if (answer >= 0) {
      libc.close(answer);
      answer = -1;
    }
  }

  /** Everything runs: it ends. */
  @Override
  public void close() {
    libc.write(pipe, DONE);
    thaw();
  }

  /** Has it set everything running, and waits for that. */
  void thaw() {
    closeAnswer();
    libc.close(pipe);
    SigInfo info = new SigInfo();
    libc.waitid(Wait.P_PID, pid, info, Wait.WEXITED);
  }
}
