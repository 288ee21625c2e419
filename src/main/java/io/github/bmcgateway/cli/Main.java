package io.github.bmcgateway.cli;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.ConfigLoader;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Entry of the command line. Exit codes: 0 good, 1 failed, 2 called in a wrong way. Results go to
 * standard output, everything else to standard error.
 */
@Command(
    name = "bmc-gateway",
    synopsisSubcommandLabel = "COMMAND",
    description = "One door to a server's BMC. Reads the settings of the gateway itself.")
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    CommandLine commands =
        commands(ConfigLoader.system(name -> Optional.empty()), Clock.systemUTC());
    System.exit(commands.execute(arguments));
  }

  /** All commands, with the settings that {@code lookup} finds. */
  static CommandLine commands(Function<String, Optional<String>> lookup, Clock clock) {
    ConfigLoader loader = new ConfigLoader(lookup);
    CommandLine commands = new CommandLine(new Main());
    commands.addSubcommand(new TokenCommand(loader, clock));
    commands.addSubcommand(new CheckConfigCommand(loader));
    commands.addSubcommand(new ProbeCommand(loader, clock));
    commands.addSubcommand(new AcceptCommand(loader, clock));
    addHelp(commands);
    commands.getSubcommands().values().forEach(Main::addHelp);
    return commands
        .setParameterExceptionHandler(Main::explainUsage)
        .setExecutionExceptionHandler(Main::explainFailure);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help.")
                .build());
  }

  private static int explainUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(e.getMessage());
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int explainFailure(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    PrintWriter err = command.getErr();
    if (e instanceof ConfigException refused) {
      err.println("configuration is refused:");
      refused.problems().forEach(problem -> err.println("  " + problem));
    } else if (e instanceof CommandFailedException) {
      err.println(e.getMessage());
    } else {
      throw e;
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
