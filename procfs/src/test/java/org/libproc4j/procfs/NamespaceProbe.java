package org.libproc4j.procfs;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What {@link NamespaceIT} has another JVM say, inside a namespace: lines {@code WHAT=OUTCOME}. */
final class NamespaceProbe {
  private NamespaceProbe() {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals("unmounted")) {
      ProcFs proc = ProcFs.of();
      // There is another one below that of the namespace.
      String all = "umount -l /proc && while umount -l /proc; do :; done 2>/dev/null";
      say("umount", new ProcessBuilder("sh", "-c", all).inheritIO().start().waitFor());
      say("of", outcome(() -> ProcFs.of().pids()));
      say("at", outcome(() -> ProcFs.at(proc.root())));
      say("pids", outcome(proc::pids));
      say("snapshot", outcome(proc::snapshot));
      return;
    }
    ProcFs proc = ProcFs.of();
    int self = (int) ProcessHandle.current().pid();
    List<Integer> pids = proc.pids();
    Snapshot snapshot = proc.snapshot(StatField.COMM);
    say("self listed", pids.contains(self));
    say("init listed", pids.contains(1));
    say("init comm", proc.process(1).comm());
    say("init stat", proc.process(1).stat().map(Stat::pid));
    say("init environ", proc.process(1).environ());
    say("init fd", proc.process(1).fd());
    say("init tasks", proc.process(1).tasks());
    say("init swept", snapshot.row(1) >= 0);
    say("init denied", snapshot.denied().contains(1));
    say("streams", Stream.of(1, self).map(pid -> outcome(() -> proc.tasks(pid).count())).toList());
    say("self stat", proc.process(self).stat().map(stat -> stat.pid() == self));
    say("tree", proc.tree().process(self).isPresent());
  }

  private static Object outcome(Callable<?> call) {
    try {
      return call.call();
    } catch (Exception e) {
      return e;
    }
  }

  private static void say(String what, Object outcome) {
    System.out.println(what + "=" + outcome);
  }
}
