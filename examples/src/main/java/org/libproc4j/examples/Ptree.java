package org.libproc4j.examples;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessTree;
import org.libproc4j.procfs.Stat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows processes as a tree. */
@Command(
    name = "ptree",
    description = {
      "Shows processes as a tree, each below its parent.",
      "Of each PID, it shows the ancestors and all descendants; without a PID, all processes, but"
          + " kernel threads only with --all. What has no parent here, as in a container, is a"
          + " root.",
      "On a terminal, a command line ends where the terminal does."
    })
final class Ptree extends Tool {
  private static final String INDENT = "  ";

  @Option(
      names = {"-a", "--all"},
      description = "Show kernel threads too.")
  boolean all;

  @Parameters(arity = "0..*", paramLabel = "PID", description = "Whose relatives to show.")
  List<String> operands = List.of();

  /** What {@code --json} prints: a list of these, each parent before its children. */
  record Node(int pid, int ppid, int depth, String state, String name, String command) {}

  /** A process that is to be shown. */
  private record Placed(Stat stat, int depth) {}

  Ptree() {
    super("ptree", "examine");
  }

  @Override
  public Integer call() {
    Map<String, Examinee> examinees = new LinkedHashMap<>();
    for (String operand : operands) {
      attempt(
          operand,
          () -> {
            examinees.put(operand, Examinee.of(Operand.of(operand).wholeProcess()));
            return "";
          });
    }
    ProcessTree tree = ProcFs.of().tree(); // later, so that they are in it
    Set<Integer> shown = new HashSet<>();
    examinees.forEach((operand, examinee) -> attempt(operand, () -> add(shown, tree, examinee)));
    print(nodes(tree, shown));
    return status();
  }

  private static String add(Set<Integer> shown, ProcessTree tree, Examinee examinee)
      throws OperandException {
    int pid = examinee.pid();
    if (tree.process(pid).map(Stat::startTime).filter(examinee::hasStartTime).isEmpty()) {
      throw new OperandException("it has ended");
    }
    shown.add(pid);
    tree.ancestors(pid).forEach(stat -> shown.add(stat.pid()));
    tree.descendants(pid).forEach(stat -> shown.add(stat.pid()));
    return "";
  }

  private List<Node> nodes(ProcessTree tree, Set<Integer> shown) {
    List<Node> nodes = new ArrayList<>();
    Deque<Placed> ahead = new ArrayDeque<>();
    push(ahead, tree.roots(), 0);
    while (!ahead.isEmpty()) {
      Placed next = ahead.removeLast();
      Stat stat = next.stat();
      if (operands.isEmpty() ? all || !stat.isKernelThread() : shown.contains(stat.pid())) {
        nodes.add(node(stat, tree, next.depth()));
        push(ahead, tree.children(stat.pid()), next.depth() + 1);
      }
    }
    return nodes;
  }

  private static void push(Deque<Placed> ahead, List<Stat> stats, int depth) {
    stats.reversed().forEach(stat -> ahead.addLast(new Placed(stat, depth)));
  }

  private static Node node(Stat stat, ProcessTree tree, int depth) {
    return new Node(
        stat.pid(),
        tree.parent(stat.pid()).map(Stat::pid).orElse(stat.ppid()),
        depth,
        String.valueOf(stat.stateCode()),
        stat.comm().toString(),
        Examinee.of(stat).command());
  }

  private void print(List<Node> nodes) {
    if (json) {
      print(Json.of(nodes));
    } else if (!nodes.isEmpty()) {
      print(String.join("\n", lines(nodes, Terminal.widthOfOutput())));
    }
  }

  static List<String> lines(List<Node> nodes, int width) {
    int digits =
        nodes.stream().mapToInt(node -> String.valueOf(node.pid()).length()).max().orElse(0);
    return nodes.stream()
        .map(
            node ->
                Table.cut(
                    INDENT.repeat(node.depth())
                        + String.format("%-" + digits + "d  %s", node.pid(), node.command()),
                    width))
        .toList();
  }
}
