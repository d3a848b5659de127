package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the options of all tools have in common. */
class ToolsTest {
  static Collection<CommandLine> tools() {
    return Main.commandLine().getSubcommands().values();
  }

  @ParameterizedTest
  @MethodSource("tools")
  void everyShortOptionHasALongForm(CommandLine tool) {
    assertThat(tool.getCommandSpec().options())
        .allSatisfy(option -> assertThat(option.longestName()).startsWith("--"))
        .allSatisfy(option -> assertThat(option.description()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("tools")
  void everyToolHasHelpVersionAndJson(CommandLine tool) {
    assertThat(tool.getCommandSpec().optionsMap())
        .containsKeys("-h", "--help", "-V", "--version", "--json");
  }

  @ParameterizedTest
  @MethodSource("tools")
  void everyToolIsInTheReadme(CommandLine tool) throws Exception {
    assertThat(Files.readString(ToolRun.root().resolve("README.md")))
        .containsPattern("\\| `" + tool.getCommandName() + "[ `]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pargs", "pcred", "pfiles", "pflags", "pldd", "pmap", "psig"})
  void withoutAnOperandItIsWrongUsage(String tool) {
    StringWriter err = new StringWriter();
    int status = Main.commandLine().setErr(new PrintWriter(err)).execute(tool);
    assertThat(status).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(tool + ": Missing required parameter")
        .endsWith("Try 'libproc " + tool + " --help' for more.\n");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    StringWriter err = new StringWriter();
    for (String tool : List.of("ptree", "pmap")) {
      assertThat(Main.commandLine().setErr(new PrintWriter(err)).execute(tool, "--nonsense", "1"))
          .isEqualTo(2);
    }
    assertThat(err.toString()).contains("--nonsense");
  }
}
