package io.github.bmcgateway.cli;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.InvalidProfileException;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.token.InvalidKeysException;
import io.github.bmcgateway.token.TokenKeys;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says whether the gateway would start with the settings, and what they amount to. */
@Command(
    name = "check-config",
    description = "Checks the settings, those of the Jetty base included, and starts nothing.")
final class CheckConfigCommand implements Callable<Integer> {
  private final ConfigLoader loader;

  @Spec private CommandSpec spec = CommandSpec.create();

  CheckConfigCommand(ConfigLoader loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() throws ConfigException, CommandFailedException {
    GatewayConfig config = loader.loadWithConnector();
    try {
      VendorProfiles.of(config.bmc());
      TokenKeys.check(config.token());
    } catch (InvalidProfileException e) {
      throw new CommandFailedException(e.getMessage());
    } catch (InvalidKeysException e) {
      throw new CommandFailedException(e.getMessage());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("configuration is good");
    ConfigSummary.lines(config).forEach(line -> out.println("  " + line));
    return 0;
  }
}
