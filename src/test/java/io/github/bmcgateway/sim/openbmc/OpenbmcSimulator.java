package io.github.bmcgateway.sim.openbmc;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.Recorder;
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
public final class OpenbmcSimulator implements AutoCloseable {

  private static final int MAX_CONNECTIONS = 100;

  private final BmcServer server;
  private final OpenbmcSite site;
  private final OpenbmcOptions options;
  private final KeyStore keyStore;

  private OpenbmcSimulator(
      BmcServer server, OpenbmcSite site, OpenbmcOptions options, KeyStore keyStore) {
    this.server = server;
    this.site = site;
    this.options = options;
    this.keyStore = keyStore;
  }

  /** A unit with everything at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** The bound port. */
  public int port() {
    return server.port();
  }

  /** Address and port as the unit knows itself. */
  public String ownAuthority() {
    return server.ownAuthority();
  }

  /** Name of the one account. */
  public String user() {
    return options.user();
  }

  /** Password of the one account. */
  public String password() {
    return options.password();
  }

  /** The serial number. */
  public String tag() {
    return options.tag();
  }

  /** The unit's key and certificate. */
  public KeyStore keyStore() {
    return keyStore;
  }

  /** What arrived, and which rules were broken. */
  public Recorder recorder() {
    return server.recorder();
  }

  /** Sessions in use. */
  public int sessionsInUse() {
    return site.sessionsInUse();
  }

  /** The images that were accepted, in order. */
  public List<Upload> uploads() {
    return site.uploads();
  }

  @Override
  public void close() {
    server.close();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder {

    private String host = "127.0.0.1";
    private int port;
    private String tag = "BMC0000001";
    private String password = "0penBmc";
    private Duration latencyMin = Duration.ZERO;
    private Duration latencyMax = Duration.ZERO;
    private Duration frameInterval = Duration.ofMillis(50);
    private Duration eventInterval = Duration.ofSeconds(1);

    private Builder() {}

    /** Loopback address to bind: {@code 127.0.0.1} (default), another of 127/8, or {@code ::1}. */
    public Builder host(String value) {
      host = value;
      return this;
    }

    /** Port to bind; default 0, any free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** Serial number, shown on pages and screen; default {@code BMC0000001}. */
    public Builder tag(String value) {
      tag = value;
      return this;
    }

    /** Password of the account {@code root}. */
    public Builder password(String value) {
      password = value;
      return this;
    }

    /** Every answer takes a random time in this range; default none. */
    public Builder latency(Duration min, Duration max) {
      latencyMin = min;
      latencyMax = max;
      return this;
    }

    /** Time between two pictures of the console; default 50 ms. */
    public Builder frameInterval(Duration value) {
      frameInterval = value;
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
          new OpenbmcOptions(tag, "root", password, frameInterval, eventInterval);
      KeyStore keyStore = TestCertificates.selfSignedBy("C=US,O=OpenBMC,CN=" + tag, tag);
      OpenbmcSite site = new OpenbmcSite(options);
      BmcServer server =
          new BmcServer(
              new BmcServer.Options(
                  host,
                  port,
                  keyStore,
                  latencyMin,
                  latencyMax,
                  /* requestsPerConnection= */ 1000,
                  /* idle= */ Duration.ofSeconds(60),
                  MAX_CONNECTIONS),
              site);
      site.serveOn(server);
      server.start();
      return new OpenbmcSimulator(server, site, options, keyStore);
    }
  }
}
