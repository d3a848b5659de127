package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A {@code /proc} that hides what belongs to others, or that is not there: in a namespace of our
 * own, seen by another JVM.
 */
@Timeout(300)
class NamespaceIT {
  private static final String NOBODY = "65534";

  /** As nobody, whose classes are where nobody may read them; pid 1 is the shell, and root's. */
  private static final String SEEN_BY_NOBODY =
      """
      set -e
      mount -o remount,hidepid=$1 /proc
      dir=$(mktemp -d)
      trap 'rm -rf "$dir"' EXIT
      cp -r "$3" "$dir/main"
      cp -r "$4" "$dir/test"
      chmod -R a+rX "$dir"
      cd /
      setpriv --reuid $0 --regid $0 --clear-groups --inh-caps=-all \\
        "$2" -XX:-UsePerfData -cp "$dir/main:$dir/test" org.libproc4j.procfs.NamespaceProbe seen
      """;

  private static final String UNMOUNTED =
      """
      "$1" -XX:-UsePerfData -cp "$2:$3" org.libproc4j.procfs.NamespaceProbe unmounted
      """;

  @Test
  void thePidOneOfAContainerIsAProcessLikeOthers() throws Exception {
    assertThat(seenByNobody("0"))
        .contains(
            entry("init listed", "true"),
            entry("init stat", "Present[value=1]"),
            entry("init comm", "Present[value=sh]"),
            entry("init environ", "Denied[path=/proc/1/environ, reason=Permission denied]"),
            entry("init fd", "Denied[path=/proc/1/fd, reason=Permission denied]"),
            entry("init swept", "true"),
            entry("self stat", "Present[value=true]"));
  }

  @Test
  void whatIsHiddenButListedIsDenied() throws Exception {
    assertThat(seenByNobody("1"))
        .contains(
            entry("self listed", "true"),
            entry("init listed", "true"),
            entry("init stat", "Denied[path=/proc/1/stat, reason=Operation not permitted]"),
            entry("init tasks", "Denied[path=/proc/1/task, reason=Operation not permitted]"),
            entry("init swept", "false"),
            entry("init denied", "true"),
            entry("self stat", "Present[value=true]"),
            entry("tree", "true"));
  }

  @Test
  void whatIsHiddenAltogetherSeemsToHaveVanished() throws Exception {
    Map<String, String> seen = seenByNobody("2");

    assertThat(seen)
        .contains(
            entry("self listed", "true"),
            entry("init listed", "false"),
            entry("init stat", "Vanished[path=/proc/1/stat]"),
            entry("init environ", "Vanished[path=/proc/1/environ]"),
            entry("init denied", "false"),
            entry("self stat", "Present[value=true]"));
    assertThat(seen.get("streams")).startsWith("[0, ");
  }

  @Test
  void aProcThatIsNotMountedIsToldFromOneWithoutProcesses() throws Exception {
    Map<String, String> said = inNamespace(UNMOUNTED, java(), classes(), tests());

    assertThat(said).containsEntry("umount", "0");
    assertThat(said.get("of")).contains("is /proc mounted?");
    assertThat(said.get("at")).contains("the list is empty");
    assertThat(said.get("pids")).contains("the list is empty");
    assertThat(said.get("snapshot")).contains("the list is empty");
  }

  private static Map<String, String> seenByNobody(String hidepid) throws Exception {
    return inNamespace(SEEN_BY_NOBODY, hidepid, java(), classes(), tests());
  }

  private static Map<String, String> inNamespace(String script, String... arguments)
      throws Exception {
    if (!ProcFs.of()
        .process((int) ProcessHandle.current().pid())
        .status()
        .orElseThrow()
        .uid()
        .equals(new Status.Ids(0, 0, 0, 0))) {
      String why = "NamespaceIT: only root can mount a /proc, not looked at";
      System.out.println(why);
      Assumptions.abort(why);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--mount-proc",
                "--kill-child",
                "sh",
                "-c",
                script,
                NOBODY));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said.lines()
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf('=')),
                  line -> line.substring(line.indexOf('=') + 1)));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
  }

  /** A directory or an archive. */
  private static String classes() throws URISyntaxException {
    return Path.of(
            Objects.requireNonNull(ProcFs.class.getProtectionDomain().getCodeSource())
                .getLocation()
                .toURI())
        .toString();
  }

  /** Not where their code source is, which is their module's. */
  private static String tests() throws URISyntaxException {
    Class<?> probe = NamespaceProbe.class;
    Path file =
        Path.of(
            Objects.requireNonNull(probe.getResource(probe.getSimpleName() + ".class")).toURI());
    int depth = probe.getName().split("\\.").length;
    return Path.of("/").resolve(file.subpath(0, file.getNameCount() - depth)).toString();
  }
}
