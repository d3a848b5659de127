package org.libproc4j.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param parts none for all of them
 * @param page where the page of the last run is to be copied to
 */
record Options(Effort effort, Set<Part> parts, Set<Mode> modes, @Nullable Path page) {
  /** What is to be done other than to measure parts of the page. */
  enum Mode {
    JMH,
    GUARD,
    /** For the freezer's own use: this JVM is in the namespace that was made for it. */
    INSIDE;

    String option() {
      return "--" + name().toLowerCase(Locale.ROOT);
    }
  }

  static final String USAGE =
      """
      usage: libproc bench [--quick | --tiny] [--threads N,N...] [PART...]   measure, and write the page
             libproc bench --page DIR      copy the page of the last run of all parts there
             libproc bench --guard         compare ratios with their limits; exit status 1 if one has grown far too large
             libproc bench --jmh [--quick] one thread under JMH
      parts: --cycles --grabs --waits --steps --invisible --memory --cold --proc --freeze; without any, all
      """;

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Options parse(String... arguments) {
    Effort.Level level = Effort.Level.FULL;
    List<Integer> threads = List.of();
    Path page = null;
    Set<Part> parts = EnumSet.noneOf(Part.class);
    Set<Mode> modes = EnumSet.noneOf(Mode.class);
    for (Iterator<String> rest = Arrays.asList(arguments).iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--quick" -> level = Effort.Level.QUICK;
        case "--tiny" -> level = Effort.Level.TINY;
        case "--threads" -> threads = numbers(value(option, rest));
        case "--page" -> page = Path.of(value(option, rest));
        default -> {
          Stream.of(Part.values()).filter(p -> p.option().equals(option)).forEach(parts::add);
          Stream.of(Mode.values()).filter(m -> m.option().equals(option)).forEach(modes::add);
          if (parts.stream().noneMatch(p -> p.option().equals(option))
              && modes.stream().noneMatch(m -> m.option().equals(option))) {
            throw new IllegalArgumentException("there is no option " + option);
          }
        }
      }
    }
    Effort effort = Effort.of(level);
    return new Options(threads.isEmpty() ? effort : new Effort(level, threads), parts, modes, page);
  }

  /** What the freezer's benchmark is started with in its namespace. */
  static List<String> inside(Effort effort) {
    List<String> all = new ArrayList<>(List.of(Mode.INSIDE.option()));
    if (effort.level() != Effort.Level.FULL) {
      all.add("--" + effort.level().name().toLowerCase(Locale.ROOT));
    }
    return all;
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }

  private static List<Integer> numbers(String list) {
    List<Integer> numbers =
        Stream.of(list.split(",", -1)).map(Integer::valueOf).sorted().distinct().toList();
    if (numbers.getFirst() < 1) {
      throw new IllegalArgumentException("a process has at least one thread");
    }
    return numbers;
  }
}
