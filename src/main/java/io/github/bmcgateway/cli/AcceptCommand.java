package io.github.bmcgateway.cli;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.PinFile;
import io.github.bmcgateway.config.Trust;
import io.github.bmcgateway.proxy.tls.TlsProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a BMC's new certificate into the store of those remembered at first use. */
@Command(
    name = "accept",
    sortOptions = false,
    description = {
      "Accepts the certificate that a BMC shows now, or the given one, where trust is tofu.",
      "A running gateway takes it up by itself. Run it as the user that runs the gateway."
    })
final class AcceptCommand implements Callable<Integer> {
  private final ConfigLoader loader;
  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private BmcArgument argument = new BmcArgument();

  @Option(
      names = "--fingerprint",
      paramLabel = "SHA256",
      description = "The certificate's fingerprint; the BMC isn't asked then.")
  private Optional<String> fingerprint = Optional.empty();

  AcceptCommand(ConfigLoader loader, Clock clock) {
    this.loader = loader;
    this.clock = clock;
  }

  @Override
  public Integer call() throws ConfigException, CommandFailedException {
    GatewayConfig config = loader.load();
    Endpoint bmc = argument.allowed(config);
    Path store = store(config.bmc(), bmc);
    Fingerprint accepted = fingerprint.isPresent() ? given() : shown(config, bmc);
    try {
      PinFile file = new PinFile(store);
      Optional<Fingerprint> before =
          Optional.ofNullable(file.read().get(bmc)).map(PinFile.Entry::fingerprint);
      PinFile.Entry entry =
          new PinFile.Entry(accepted, clock.instant().truncatedTo(ChronoUnit.SECONDS));
      file.put(bmc, entry, PinFile.Existing.REPLACE);
      report(bmc, accepted, before);
      return 0;
    } catch (IOException e) {
      throw new CommandFailedException(store + " can't be written: " + e.getMessage());
    }
  }

  private static Path store(GatewayConfig.Bmc config, Endpoint bmc) throws CommandFailedException {
    if (!config.trust().pins(bmc).isEmpty()) {
      throw new CommandFailedException(
          bmc + " is pinned by bmc.pins: put its new certificate there (probe prints the lines).");
    }
    Trust trust = config.overrides().trust(bmc.ip()).orElse(config.trust().usual());
    return config
        .trust()
        .pinStore()
        .filter(path -> trust == Trust.TOFU)
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "trust in %s isn't tofu (bmc.tls, bmc.overrides): there is nothing to accept."
                        .formatted(bmc)));
  }

  private Fingerprint given() {
    String text = fingerprint.orElse("");
    return Fingerprint.parse(text)
        .orElseThrow(
            () -> argument.refused("--fingerprint", text, "64 hexadecimal digits, or with colons"));
  }

  private static Fingerprint shown(GatewayConfig config, Endpoint bmc)
      throws CommandFailedException {
    try {
      return Fingerprint.of(new TlsProbe(config.proxy().connectTimeout()).certificate(bmc));
    } catch (IOException | CertificateEncodingException e) {
      throw new CommandFailedException("no TLS with " + bmc + ": " + e.getMessage());
    }
  }

  private void report(Endpoint bmc, Fingerprint accepted, Optional<Fingerprint> before) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(bmc + " is known by " + accepted);
    out.println("before: " + before.map(Fingerprint::toString).orElse("by none"));
  }
}
