package org.libproc4j.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.UnionLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks the C compiler whether the bindings are right.
 *
 * <p>Every symbol of {@code symbols.txt} becomes facts: a C expression each, with the value that
 * the bindings give it. A C program made of these expressions is compiled against this machine's
 * headers and run; what it prints must be what the bindings say. A new symbol is covered by being
 * listed.
 */
class AbiTest {

  private static final Path HEADERS = Path.of("src/main/headers");

  private static final String NEEDED =
      "a C compiler and the headers of glibc 2.36 or newer are needed; on Debian:"
          + " apt-get install gcc libc6-dev";

  /** Room that later kernels and C libraries give to new fields: its size is no promise. */
  private static final String RESERVED = "_+(pad|spare)\\d*";

  @TempDir private Path directory;

  /** C expressions, and what the bindings believe their values to be. */
  private final Map<String, Long> facts = new LinkedHashMap<>();

  @Test
  void everyConstantHasTheValueAndSizeThatItHasInC() throws Exception {
    for (String name : symbols("constant")) {
      Object value = binding(linux_h.class, name).invoke(null);
      switch (value) {
        case Integer i -> constant(name, "int", Integer.BYTES, i);
        case Long l -> constant(name, "long", Long.BYTES, l);
        case MemorySegment s when s.byteSize() == 0 ->
            constant(name, "long", Long.BYTES, s.address());
        case MemorySegment string -> {
          facts.put("sizeof(" + name + ")", string.byteSize());
          for (int i = 0; i < string.byteSize(); i++) {
            facts.put(name + "[" + i + "]", (long) string.getAtIndex(linux_h.C_CHAR, i));
          }
        }
        default -> throw new AssertionError(name + " is a " + value.getClass());
      }
    }
    assertThat(disagreements(Set.of())).isEmpty();
  }

  @Test
  void everyLayoutIsTheOneThatTheCompilerUses() throws Exception {
    Set<String> fields = new TreeSet<>();
    for (String kind : List.of("struct", "union", "typedef")) {
      for (String name : symbols(kind)) {
        String type = kind.equals("typedef") ? name : kind + " " + name;
        GroupLayout layout = (GroupLayout) binding(structClass(name), "layout").invoke(null);
        facts.put("sizeof(" + type + ")", layout.byteSize());
        facts.put("_Alignof(" + type + ")", layout.byteAlignment());
        members(type, "", 0, layout, fields);
      }
    }
    assertThat(disagreements(fields)).isEmpty();
  }

  @Test
  void everyFunctionTakesAndReturnsWhatItsPrototypeSays() throws Exception {
    for (String name : symbols("function")) {
      Class<?> result;
      int arguments;
      Class<?> variadic = variadicInvoker(name);
      if (variadic != null) {
        Method apply = binding(variadic, "apply");
        result = apply.getReturnType();
        arguments = apply.getParameterCount() - 1; // without Object...
      } else {
        Method function = binding(linux_h.class, name);
        result = function.getReturnType();
        arguments = function.getParameterCount();
      }
      // The call is never made, but its arguments are counted. A 0 converts to any of our types.
      String zeros = String.join(", ", Stream.generate(() -> "0").limit(arguments).toList());
      facts.put("sizeof(" + name + "(" + zeros + "))", sizeOf(result));
    }
    assertThat(disagreements(Set.of())).isEmpty();
  }

  private void constant(String name, String type, int size, long value) {
    facts.put("sizeof(" + name + ")", (long) size);
    facts.put("(" + type + ")(" + name + ")", value); // unsigned in C, perhaps; the bits must agree
  }

  /** Adds the members of a struct or union; those of an anonymous one count as its parent's. */
  private void members(
      String type, String prefix, long base, GroupLayout group, Set<String> fields) {
    boolean union = group instanceof UnionLayout;
    long offset = base;
    for (MemoryLayout member : group.memberLayouts()) {
      String name = member.name().orElse("");
      if (!(member instanceof PaddingLayout) && !name.matches(RESERVED)) {
        if (name.startsWith("$anon$")) {
          members(type, prefix, offset, (GroupLayout) member, fields);
        } else {
          String path = prefix + name;
          fields.add(name);
          facts.put("offsetof(" + type + ", " + path + ")", offset);
          facts.put("sizeof(((" + type + " *)0)->" + path + ")", member.byteSize());
          if (member instanceof GroupLayout nested) {
            members(type, path + ".", offset, nested, fields);
          }
        }
      }
      offset += union ? 0 : member.byteSize();
    }
  }

  /**
   * Compiles and runs a C program that prints the value of every fact.
   *
   * @param fields names that C code may know as macros too (glibc's {@code si_pid} is {@code
   *     _sifields._kill.si_pid}), and that are to be taken literally here
   * @return a line for each fact on which C and Java differ
   */
  private List<String> disagreements(Set<String> fields) throws Exception {
    StringBuilder c = new StringBuilder("#include \"linux.h\"\n#include <stddef.h>\n");
    c.append("#include <stdio.h>\n\n");
    fields.forEach(field -> c.append("#undef ").append(field).append('\n'));
    c.append("\nint main(void) {\n");
    facts
        .keySet()
        .forEach(
            expression ->
                c.append("  printf(\"%lld\\n\", (long long)(").append(expression).append("));\n"));
    c.append("  return 0;\n}\n");

    List<Long> values = run(c.toString());
    assertThat(values).hasSameSizeAs(facts.keySet());
    List<String> wrong = new ArrayList<>();
    int i = 0;
    for (Map.Entry<String, Long> fact : facts.entrySet()) {
      long value = values.get(i++);
      if (value != fact.getValue()) {
        wrong.add(fact.getKey() + " is " + value + ", the bindings say " + fact.getValue());
      }
    }
    return wrong;
  }

  private List<Long> run(String source) throws Exception {
    Path program = directory.resolve("abi");
    Path code = Files.writeString(directory.resolve("abi.c"), source);
    output("cc", "-w", "-I", HEADERS.toString(), "-o", program.toString(), code.toString());
    return output(program.toString()).lines().map(Long::valueOf).toList();
  }

  private static String output(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new AssertionError(command[0] + " does not start: " + NEEDED, e);
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + " failed: " + NEEDED + "\n" + output);
    }
    return output;
  }

  private static List<String> symbols(String kind) throws IOException {
    String option = "--include-" + kind + " ";
    return Files.readAllLines(HEADERS.resolve("symbols.txt")).stream()
        .filter(line -> line.startsWith(option))
        .map(line -> line.substring(option.length()).strip())
        .toList();
  }

  /** The bindings' first method of that name: all overloads have the same C symbol. */
  private static Method binding(Class<?> owner, String name) {
    return Arrays.stream(owner.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> missing(name));
  }

  private static Class<?> structClass(String name) {
    try {
      return Class.forName(AbiTest.class.getPackageName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw missing(name);
    }
  }

  /** jextract makes a class of a variadic function, a method of any other. */
  private static Class<?> variadicInvoker(String name) {
    return Arrays.stream(linux_h.class.getClasses())
        .filter(nested -> nested.getSimpleName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static AssertionError missing(String name) {
    return new AssertionError(
        name + " is listed in symbols.txt and not in the bindings: run jextract/generate.sh");
  }

  private static long sizeOf(Class<?> carrier) {
    return carrier == MemorySegment.class
        ? linux_h.C_POINTER.byteSize()
        : switch (carrier.getName()) {
          case "byte" -> Byte.BYTES;
          case "short" -> Short.BYTES;
          case "int" -> Integer.BYTES;
          case "long" -> Long.BYTES;
          default -> throw new AssertionError(carrier);
        };
  }
}
