package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.SimulatedBmc;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.UnitBuilder;
import java.io.IOException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A double of an ASRock Rack board with AMI MegaRAC SP-X on loopback: serves its web pages, REST
 * interface, Redfish, console, media and serial console over TLS, behaves as AMI's web server does
 * where that matters to a gateway, and records what it was sent.
 *
 * <p>Use: {@code try (var bmc = AsrockrackSimulator.builder().tag("ASRR001").start()) { ... }}.
 * Thread-safe.
 */
public final class AsrockrackSimulator extends SimulatedBmc {

  /** The certificate that AMI ships names itself so; it never matches the unit's address. */
  private static final String SUBJECT =
      "C=US, ST=Georgia, L=Duluth, O=AMI, OU=MEGARAC, CN=ami.com, E=megarac@ami.com";

  /** A firmware image that was uploaded whole: its size in bytes and its SHA-256 in hex. */
  public record Upload(long bytes, String sha256) {}

  private final WireServer server;
  private final AsrockrackSite site;

  private AsrockrackSimulator(WireServer server, AsrockrackSite site, Identity identity) {
    super(server, identity);
    this.server = server;
    this.site = site;
  }

  /** A unit with everything at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Web sessions in use; a leaked one stays for 1800 s. */
  @Override
  public int sessionsInUse() {
    return site.sessions().count();
  }

  /** Redfish sessions in use; they have a pool of their own. */
  public int redfishSessionsInUse() {
    return site.redfish().sessionsInUse();
  }

  /** Connections open now, WebSockets included. */
  public int openConnections() {
    return server.openConnections();
  }

  /** Whether the unit's firewall has locked an address out. */
  public boolean isBanned(String address) {
    return server.isBanned(address);
  }

  /** The firmware image that was uploaded last. */
  public Optional<Upload> firmware() {
    return site.flash().upload();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder extends UnitBuilder<Builder> {

    private final Set<Quirk> quirks = EnumSet.allOf(Quirk.class);
    private Duration latency = Duration.ZERO;
    private Duration idle = Duration.ofSeconds(120);
    private int sessionPool = 8;
    private int socketPool = 8;
    private int maxConnections = 16;
    private int banAt = 130;
    private Duration restartTime = Duration.ofSeconds(3);
    private Duration keepAliveLimit = Duration.ofSeconds(30);
    private boolean videoDown;
    private long mediaReadBytes = 4L << 20;
    private Duration flashPreparation = Duration.ZERO;
    private long maxUploadBytes = 128L << 20;
    private Duration redfishDelay = Duration.ZERO;

    private Builder() {
      super("ASRR0001", "Sim-ulated1");
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Switches quirks off; all are on by default. */
    public Builder without(Quirk... off) {
      quirks.removeAll(Set.of(off));
      return this;
    }

    /** Every answer takes so long; default none. Real units: up to 27 s when they are sick. */
    public Builder latency(Duration value) {
      latency = value;
      return this;
    }

    /** An idle HTTP connection is closed after this time; default 120 s. */
    public Builder idle(Duration value) {
      idle = value;
      return this;
    }

    /** Web sessions that fit; default 8. */
    public Builder sessionPool(int value) {
      sessionPool = value;
      return this;
    }

    /** Consoles and media that fit; default 8. */
    public Builder socketPool(int value) {
      socketPool = value;
      return this;
    }

    /** More connections at a time, sockets included, are a violation; default 16. */
    public Builder maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    /** An address with so many connections is locked out; default 130. */
    public Builder banAt(int value) {
      banAt = value;
      return this;
    }

    /** How long the web server is away after a crash; default 3 s. */
    public Builder restartTime(Duration value) {
      restartTime = value;
      return this;
    }

    /** A console that sends no keep-alive for so long is stopped; default 30 s. */
    public Builder keepAliveLimit(Duration value) {
      keepAliveLimit = value;
      return this;
    }

    /** The console's back end is down: a console gets {@code CONNECTION_FAILED} and the end. */
    public Builder videoDown() {
      videoDown = true;
      return this;
    }

    /** How much of an attached image is read; default 4 MiB. */
    public Builder mediaReadBytes(long value) {
      mediaReadBytes = value;
      return this;
    }

    /** Time that entering flash mode takes; default none. Real units: about 60 s. */
    public Builder flashPreparation(Duration value) {
      flashPreparation = value;
      return this;
    }

    /** A larger upload is refused with 413; default 128 MiB. */
    public Builder maxUploadBytes(long value) {
      maxUploadBytes = value;
      return this;
    }

    /** Time that a Redfish resource takes; default none. Real units: up to 120 s. */
    public Builder redfishDelay(Duration value) {
      redfishDelay = value;
      return this;
    }

    /** Makes the unit and serves. */
    public AsrockrackSimulator start() throws IOException {
      AsrockrackOptions options =
          new AsrockrackOptions(
              host(),
              port(),
              tag(),
              "admin",
              password(),
              quirks,
              latency,
              idle,
              sessionPool,
              socketPool,
              maxConnections,
              banAt,
              restartTime,
              keepAliveLimit,
              frameInterval(),
              videoDown,
              mediaReadBytes,
              flashPreparation,
              maxUploadBytes,
              redfishDelay);
      KeyStore keyStore = TestCertificates.selfSignedBy(SUBJECT, "megarac.com", "169.254.0.17");
      AsrockrackSite site = new AsrockrackSite(options, Clock.systemUTC());
      WireServer server = new WireServer(options, keyStore, site);
      site.serveOn(server);
      server.start();
      return new AsrockrackSimulator(
          server, site, new Identity(tag(), options.user(), password(), keyStore));
    }
  }
}
