package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.ServedUnitBuilder;
import io.github.bmcgateway.sim.SimulatedBmc;
import io.github.bmcgateway.sim.TestCertificates;
import java.security.KeyStore;
import java.time.Duration;

/**
 * A double of Dell's iDRAC9 on loopback: serves its web pages, console and media over TLS, refuses
 * what firmware 5.10 and newer refuses, and records what it was sent. Takes no other {@code Host}
 * than its own authority; its certificate is self-signed, {@code CN=idrac-<tag>}.
 *
 * <p>Use: {@code try (var bmc = Idrac9Simulator.builder().tag("ABC1234").start()) { ... }}.
 * Thread-safe.
 */
public final class Idrac9Simulator extends SimulatedBmc {

  private final Idrac9Site site;

  private Idrac9Simulator(BmcServer server, Idrac9Site site, Identity identity) {
    super(server, identity);
    this.site = site;
  }

  /** A unit with everything at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Web sessions in use; a leaked one stays for 300 s. */
  @Override
  public int sessionsInUse() {
    return site.sessionsInUse();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder extends ServedUnitBuilder<Builder> {

    private boolean strictHeaders = true;
    private boolean absoluteLocations;
    private Idrac9Options.Ticket ticket = Idrac9Options.Ticket.EHTML5;
    private boolean escapedSlashes;
    private boolean failedLoginSucceeds;
    private int sessionPool = 4;
    private Duration keyLimit = Duration.ofSeconds(7);
    private Duration heartbeatLimit = Duration.ofSeconds(45);
    private int frameBytes = 64 * 1024;
    private long mediaReadBytes = 4L << 20;
    private Duration eventInterval = Duration.ofSeconds(10);

    private Builder() {
      super(
          "ABC1234",
          "Sim-ulated1",
          /* requestsPerConnection= */ 200,
          Duration.ofSeconds(60),
          /* maxConnections= */ 20);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Takes forwarding headers (they stay violations) in place of refusing them with 400. */
    public Builder lenientHeaders() {
      strictHeaders = false;
      return this;
    }

    /** Redirects name the unit's own authority. */
    public Builder absoluteLocations() {
      absoluteLocations = true;
      return this;
    }

    /** Tickets name the older HTML5 plug-in on port 5900. */
    public Builder plugin5900() {
      ticket = Idrac9Options.Ticket.PLUGIN_5900;
      return this;
    }

    /** Tickets are empty: console disabled or not licensed. */
    public Builder emptyTicket() {
      ticket = Idrac9Options.Ticket.EMPTY;
      return this;
    }

    /** The ticket's JSON writes {@code \/} for {@code /}. */
    public Builder escapedSlashes() {
      escapedSlashes = true;
      return this;
    }

    /** A wrong password gets 201 with {@code authResult} 1. */
    public Builder failedLoginSucceeds() {
      failedLoginSucceeds = true;
      return this;
    }

    /** Web sessions that fit; default 4. */
    public Builder sessionPool(int value) {
      sessionPool = value;
      return this;
    }

    /** A console that doesn't answer the key challenge for so long is closed; default 7 s. */
    public Builder keyLimit(Duration value) {
      keyLimit = value;
      return this;
    }

    /** A console that sends no heartbeat for so long is closed; default 45 s. */
    public Builder heartbeatLimit(Duration value) {
      heartbeatLimit = value;
      return this;
    }

    /** Largest WebSocket message of the console; default 64 KiB, a whole picture is 1.5 MiB. */
    public Builder frameBytes(int value) {
      frameBytes = value;
      return this;
    }

    /** How much of an attached image is read; default 4 MiB. */
    public Builder mediaReadBytes(long value) {
      mediaReadBytes = value;
      return this;
    }

    /** Time between two server-sent events; default 10 s. */
    public Builder eventInterval(Duration value) {
      eventInterval = value;
      return this;
    }

    /** Makes the unit and serves. */
    public Idrac9Simulator start() throws Exception {
      Idrac9Options options =
          new Idrac9Options(
              tag(),
              "root",
              password(),
              strictHeaders,
              absoluteLocations,
              ticket,
              escapedSlashes,
              failedLoginSucceeds,
              sessionPool,
              keyLimit,
              heartbeatLimit,
              frameInterval(),
              frameBytes,
              mediaReadBytes,
              eventInterval);
      KeyStore keyStore = TestCertificates.selfSigned("idrac-" + tag());
      Idrac9Site site = new Idrac9Site(options);
      BmcServer server = new BmcServer(serverOptions(port(), keyStore, ANY_TLS), site);
      site.serveOn(server);
      server.start();
      return new Idrac9Simulator(
          server, site, new Identity(tag(), options.user(), password(), keyStore));
    }
  }
}
