package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.TestCertificates;
import java.security.KeyStore;
import java.time.Duration;

/**
 * A double of Dell's iDRAC9 on loopback: serves its web pages, console and media over TLS, refuses
 * what firmware 5.10 and newer refuses, and records what it was sent.
 *
 * <p>Use: {@code try (var bmc = Idrac9Simulator.builder().tag("ABC1234").start()) { ... }}.
 * Thread-safe.
 */
public final class Idrac9Simulator implements AutoCloseable {

  private final BmcServer server;
  private final Idrac9Site site;
  private final Idrac9Options options;
  private final KeyStore keyStore;

  private Idrac9Simulator(
      BmcServer server, Idrac9Site site, Idrac9Options options, KeyStore keyStore) {
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

  /** Address and port as the unit knows itself: the one {@code Host} that it takes. */
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

  /** The service tag. */
  public String tag() {
    return options.tag();
  }

  /** The unit's key and self-signed certificate, {@code CN=idrac-<tag>}. */
  public KeyStore keyStore() {
    return keyStore;
  }

  /** What arrived, and which rules were broken. */
  public Recorder recorder() {
    return server.recorder();
  }

  /** Web sessions in use; a leaked one stays for 300 s. */
  public int sessionsInUse() {
    return site.sessionsInUse();
  }

  @Override
  public void close() {
    server.close();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder {

    private String host = "127.0.0.1";
    private int port;
    private String tag = "ABC1234";
    private String password = "Sim-ulated1";
    private boolean strictHeaders = true;
    private boolean absoluteLocations;
    private Idrac9Options.Ticket ticket = Idrac9Options.Ticket.EHTML5;
    private boolean escapedSlashes;
    private boolean failedLoginSucceeds;
    private Duration latencyMin = Duration.ZERO;
    private Duration latencyMax = Duration.ZERO;
    private int sessionPool = 4;
    private int requestsPerConnection = 200;
    private Duration idle = Duration.ofSeconds(60);
    private int maxConnections = 20;
    private Duration keyLimit = Duration.ofSeconds(7);
    private Duration heartbeatLimit = Duration.ofSeconds(45);
    private Duration frameInterval = Duration.ofMillis(50);
    private int frameBytes = 64 * 1024;
    private long mediaReadBytes = 4L << 20;
    private Duration eventInterval = Duration.ofSeconds(10);

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

    /** Service tag, shown on pages and screen; default {@code ABC1234}. */
    public Builder tag(String value) {
      tag = value;
      return this;
    }

    /** Password of the account {@code root}. */
    public Builder password(String value) {
      password = value;
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

    /** Every answer takes a random time in this range; default none. Real units: 0.2 to 5 s. */
    public Builder latency(Duration min, Duration max) {
      latencyMin = min;
      latencyMax = max;
      return this;
    }

    /** Web sessions that fit; default 4. */
    public Builder sessionPool(int value) {
      sessionPool = value;
      return this;
    }

    /** A connection is closed after so many answers (default 200) or so long idle (60 s). */
    public Builder keepAlive(int requests, Duration idleTime) {
      requestsPerConnection = requests;
      idle = idleTime;
      return this;
    }

    /** More HTTP connections at a time are a violation; default 20. */
    public Builder maxConnections(int value) {
      maxConnections = value;
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

    /** Time between two pictures of the console; default 50 ms. */
    public Builder frameInterval(Duration value) {
      frameInterval = value;
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
              tag,
              "root",
              password,
              strictHeaders,
              absoluteLocations,
              ticket,
              escapedSlashes,
              failedLoginSucceeds,
              sessionPool,
              keyLimit,
              heartbeatLimit,
              frameInterval,
              frameBytes,
              mediaReadBytes,
              eventInterval);
      KeyStore keyStore = TestCertificates.selfSigned("idrac-" + tag);
      Idrac9Site site = new Idrac9Site(options);
      BmcServer server =
          new BmcServer(
              new BmcServer.Options(
                  host,
                  port,
                  keyStore,
                  latencyMin,
                  latencyMax,
                  requestsPerConnection,
                  idle,
                  maxConnections),
              site);
      site.serveOn(server);
      server.start();
      return new Idrac9Simulator(server, site, options, keyStore);
    }
  }
}
