package org.libproc4j.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of another JVM, for what a test cannot do in its own. */
public final class Jvm {

  private static final List<String> SHORT_LIVED =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

  private Jvm() {}

  /**
   * Runs a main class.
   *
   * @param needed classes of the artifacts that it needs, one of each
   */
  public static List<String> command(Class<?> main, List<Class<?>> needed, String... arguments) {
    String classPath =
        Stream.concat(Stream.of(main), needed.stream())
            .map(Jvm::root)
            .distinct()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(classPath);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** The same, for a program that ends soon. */
  public static List<String> shortLived(Class<?> main, List<Class<?>> needed, String... arguments) {
    List<String> command = command(main, needed, arguments);
    command.addAll(1, SHORT_LIVED);
    return command;
  }

  /** Where a class was loaded from, also one that is patched into a module. */
  private static Path root(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    String url = Objects.requireNonNull(type.getResource("/" + file)).toString();
    String root = url.substring(0, url.length() - file.length());
    if (root.startsWith("jar:")) {
      root = root.substring("jar:".length(), root.length() - "!/".length());
    }
    return Path.of(java.net.URI.create(root));
  }
}
