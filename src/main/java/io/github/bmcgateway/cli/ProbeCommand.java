package io.github.bmcgateway.cli;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.config.BmcOverride;
import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.config.PinFile;
import io.github.bmcgateway.config.TlsProfile;
import io.github.bmcgateway.config.Trust;
import io.github.bmcgateway.proxy.BmcClients;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.tls.TlsProbe;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.InvalidProfileException;
import io.github.bmcgateway.target.VendorDetection;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.target.VendorProfiles;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what a BMC is, which TLS it speaks, and what to write into the settings for it. */
@Command(
    name = "probe",
    description = {
      "Asks a BMC, without credentials, for its certificate, its TLS versions and its vendor, and",
      "prints what to put into gateway.yaml. Exit code 0 if the gateway can talk to it with the",
      "settings as they are."
    })
final class ProbeCommand implements Callable<Integer> {
  private final ConfigLoader loader;
  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private BmcArgument argument = new BmcArgument();

  ProbeCommand(ConfigLoader loader, Clock clock) {
    this.loader = loader;
    this.clock = clock;
  }

  @Override
  public Integer call() throws ConfigException, CommandFailedException {
    GatewayConfig config = loader.load();
    Endpoint bmc = argument.allowed(config);
    try {
      TlsProbe.Facts facts = new TlsProbe(config.proxy().connectTimeout()).ask(bmc);
      ProbeReport report =
          new ProbeReport(
              bmc,
              facts,
              Fingerprint.of(facts.certificate()),
              vendor(config, bmc, facts.modern()),
              clock.instant());
      report.lines().forEach(spec.commandLine().getOut()::println);
      List<String> obstacles = obstacles(config.bmc(), bmc, report);
      obstacles.forEach(spec.commandLine().getErr()::println);
      return obstacles.isEmpty() ? 0 : 1;
    } catch (IOException | CertificateEncodingException e) {
      throw new CommandFailedException("no TLS with " + bmc + ": " + e.getMessage());
    }
  }

  /** Why the gateway can't talk to the BMC with these settings. */
  private static List<String> obstacles(GatewayConfig.Bmc config, Endpoint bmc, ProbeReport report)
      throws IOException {
    boolean legacy = config.overrides().tls(bmc.ip()).equals(Optional.of(TlsProfile.LEGACY));
    if (!report.facts().modern() && !legacy) {
      return List.of("The gateway can't talk to it without an override tls: legacy.");
    }
    Set<Fingerprint> pins = config.trust().pins(bmc);
    Trust trust = config.overrides().trust(bmc.ip()).orElse(config.trust().usual());
    if (pins.isEmpty() && trust == Trust.TOFU && config.trust().pinStore().isPresent()) {
      PinFile.Entry known = new PinFile(config.trust().pinStore().get()).read().get(bmc);
      return known == null || known.fingerprint().equals(report.fingerprint())
          ? List.of()
          : List.of(
              "The gateway doesn't trust it: it is known by %s. The command accept changes that."
                  .formatted(known.fingerprint()));
    }
    boolean trusted = pins.isEmpty() ? trust != Trust.PINNED : pins.contains(report.fingerprint());
    return trusted
        ? List.of()
        : List.of("The gateway doesn't trust it: this certificate isn't in bmc.pins.");
  }

  private static Detected vendor(GatewayConfig config, Endpoint bmc, boolean modern)
      throws CommandFailedException {
    QueuedThreadPool threads = new QueuedThreadPool();
    HttpClient client =
        BmcClients.unchecked(
            config, (ip, port) -> true, threads, modern ? Overrides.NONE : legacy(bmc));
    try {
      VendorProfiles profiles = VendorProfiles.of(config.bmc());
      LifeCycle.start(threads);
      LifeCycle.start(client);
      return detect(
          new VendorDetection(client, new Open(), profiles, Ticker.systemTicker()),
          config,
          bmc,
          profiles);
    } catch (InvalidProfileException e) {
      throw new CommandFailedException(e.getMessage());
    } finally {
      LifeCycle.stop(client);
      LifeCycle.stop(threads);
    }
  }

  private static Detected detect(
      VendorDetection detection, GatewayConfig config, Endpoint bmc, VendorProfiles profiles) {
    VendorProfile generic = profiles.find(Optional.empty()).orElseThrow();
    Bmc asked =
        new Bmc(
            new BmcAddress(bmc.ip(), bmc.port(), config.bmc().overrides().host(bmc.ip())),
            Optional.empty(),
            Optional.empty(),
            generic,
            /* vendorKnown= */ false);
    try {
      VendorProfile found = detection.detect(asked).join();
      return found.name().equals(generic.name())
          ? new Detected(Optional.empty(), "not recognised (generic)")
          : new Detected(Optional.of(found.name()), found.name());
    } catch (CompletionException e) {
      return new Detected(Optional.empty(), "not asked: " + BmcFailures.of(e).message());
    }
  }

  private static Overrides legacy(Endpoint bmc) {
    return new Overrides(
        List.of(
            new BmcOverride(
                Cidr.parse(IpAddresses.format(bmc.ip())).orElseThrow(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(TlsProfile.LEGACY),
                Optional.empty())));
  }

  /**
   * The vendor.
   *
   * @param name its profile's name, if one fits
   * @param words what to tell people
   */
  record Detected(Optional<String> name, String words) {}

  /** One inquiry needs no turns. */
  private static final class Open implements BmcGate {
    @Override
    public CompletableFuture<Permit> request(Bmc bmc, String session) {
      return CompletableFuture.completedFuture(() -> {});
    }

    @Override
    public Optional<Permit> socket(Bmc bmc) {
      return Optional.empty();
    }
  }
}
