package io.github.bmcgateway.sim.openbmc;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.ServedUnitBuilder;
import io.github.bmcgateway.sim.SimulatedBmc;
import io.github.bmcgateway.sim.TestCertificates;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;

/**
 * A double of an OpenBMC unit on loopback: serves web pages, Redfish, events, console and firmware
 * upload over TLS, refuses what bmcweb refuses, and records what it was sent.
 *
 * <p>Use: {@code try (var bmc = OpenbmcSimulator.builder().tag("BMC0001").start()) { ... }}.
 * Thread-safe.
 */
public final class OpenbmcSimulator extends SimulatedBmc {

  private final OpenbmcSite site;

  private OpenbmcSimulator(BmcServer server, OpenbmcSite site, Identity identity) {
    super(server, identity);
    this.site = site;
  }

  /** A unit with everything at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Sessions in use. */
  @Override
  public int sessionsInUse() {
    return site.sessionsInUse();
  }

  /** The images that were accepted, in order. */
  public List<Upload> uploads() {
    return site.uploads();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder extends ServedUnitBuilder<Builder> {

    private Duration eventInterval = Duration.ofSeconds(1);

    private Builder() {
      super(
          "BMC0000001",
          "0penBmc",
          /* requestsPerConnection= */ 1000,
          Duration.ofSeconds(60),
          /* maxConnections= */ 100);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Time between two server-sent events; default 1 s. */
    public Builder eventInterval(Duration value) {
      eventInterval = value;
      return this;
    }

    /** Makes the unit and serves. */
    public OpenbmcSimulator start() throws Exception {
      OpenbmcOptions options =
          new OpenbmcOptions(tag(), "root", password(), frameInterval(), eventInterval);
      KeyStore keyStore = TestCertificates.selfSignedBy("C=US,O=OpenBMC,CN=" + tag(), tag());
      OpenbmcSite site = new OpenbmcSite(options);
      BmcServer server = new BmcServer(serverOptions(port(), keyStore, ANY_TLS), site);
      site.serveOn(server);
      server.start();
      return new OpenbmcSimulator(
          server, site, new Identity(tag(), options.user(), password(), keyStore));
    }
  }
}
