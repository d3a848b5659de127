package org.libproc4j.examples;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** {@code libproc TOOL}: picks the tool, and turns what it ends with into an exit status. */
@Command(
    name = "libproc",
    description = "Controls and examines processes and threads.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    usageHelpAutoWidth = true)
public final class Main {
  static final int USAGE = 2;

  private static final List<Class<? extends Callable<Integer>>> TOOLS =
      List.of(
          Pstop.class,
          Prun.class,
          Pwait.class,
          Pstatus.class,
          Ptree.class,
          Pargs.class,
          Pcred.class,
          Pfiles.class,
          Pflags.class,
          Pldd.class,
          Pmap.class,
          Psig.class,
          Pfreeze.class,
          Demo.class);

  private Main() {}

  /**
   * Runs a tool.
   *
   * @param args its name, options and operands
   */
  public static void main(String[] args) {
    int status = run(args);
    if (System.out.checkError() && status == 0) {
      status = Tool.FAILED; // what was to be said has not been heard
    }
    System.exit(status);
  }

  static int run(String... args) {
    return commandLine(args.length == 0 ? "" : args[0]).execute(args);
  }

  /** With all tools. */
  static CommandLine commandLine() {
    return commandLine("");
  }

  /** With a tool alone, if there is one of that name: to model the others takes its time. */
  private static CommandLine commandLine(String name) {
    CommandLine all = new CommandLine(new Main());
    for (var tool : TOOLS) {
      if (nameOf(tool).equals(name)) {
        return handled(all.addSubcommand(tool));
      }
    }
    TOOLS.forEach(all::addSubcommand);
    return handled(all);
  }

  private static String nameOf(Class<?> tool) {
    return tool.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static CommandLine handled(CommandLine line) {
    return line.setParameterExceptionHandler(BAD_USAGE).setExecutionExceptionHandler(NOBODY_READS);
  }

  private static final IParameterExceptionHandler BAD_USAGE =
      (e, _) -> {
        CommandLine tool = e.getCommandLine();
        tool.getErr().println(tool.getCommandName() + ": " + e.getMessage());
        tool.getErr()
            .println("Try '" + tool.getCommandSpec().qualifiedName() + " --help' for more.");
        return USAGE;
      };

  private static final IExecutionExceptionHandler NOBODY_READS =
      (e, _, _) -> {
        if (e instanceof ClosedOutputException) {
          return Tool.FAILED;
        }
        throw e;
      };

  /** The module's version, as the build wrote it into its descriptor. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var descriptor = Main.class.getModule().getDescriptor();
      return new String[] {
        "libproc4j "
            + (descriptor == null ? "" : descriptor.rawVersion().orElse(""))
            + ", Java "
            + Runtime.version()
      };
    }
  }
}
