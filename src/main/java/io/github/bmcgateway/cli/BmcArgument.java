package io.github.bmcgateway.cli;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.policy.TargetGuard;
import io.github.bmcgateway.target.InvalidProfileException;
import io.github.bmcgateway.target.VendorProfiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The BMC that a command is about; it must lie where the settings permit, as for a token. */
final class BmcArgument {
  private static final int MAX_PORT = 65535;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ADDRESS", description = "Address of the BMC; never a name.")
  private String ip = "";

  @Option(
      names = "--port",
      defaultValue = "443",
      description = "Port of the BMC (default: ${DEFAULT-VALUE}).")
  private int port;

  /**
   * Address and port, as they were given.
   *
   * @throws CommandFailedException when the gateway may not dial them, by {@code bmc.networks} or
   *     {@code bmc.ports}
   */
  Endpoint allowed(GatewayConfig config) throws CommandFailedException {
    if (port < 1 || port > MAX_PORT) {
      throw refused("--port", Integer.toString(port), "a port from 1 to 65535");
    }
    Endpoint bmc =
        new Endpoint(
            IpAddresses.parse(ip)
                .orElseThrow(() -> refused("ADDRESS", ip, "an IP address such as 10.0.0.5")),
            port);
    if (!config.bmc().networks().allows(bmc.ip())) {
      throw new CommandFailedException(
          ip + " may not be reached by these settings (bmc.networks). Nothing was asked.");
    }
    if (!guard(config).allows(bmc.ip(), port)) {
      throw new CommandFailedException(
          "port %d may not be dialled by these settings (bmc.ports). Nothing was asked."
              .formatted(port));
    }
    return bmc;
  }

  private static TargetGuard guard(GatewayConfig config) throws CommandFailedException {
    try {
      return new TargetGuard(config.bmc(), VendorProfiles.of(config.bmc()).consolePorts());
    } catch (InvalidProfileException e) {
      throw new CommandFailedException(e.getMessage());
    }
  }

  ParameterException refused(String name, String value, String accepted) {
    return new ParameterException(
        spec.commandLine(),
        "%s: \"%s\" is refused. Accepted: %s.".formatted(name, value, accepted));
  }
}
