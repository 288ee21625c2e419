package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.ServedUnitBuilder;
import io.github.bmcgateway.sim.SimulatedBmc;
import io.github.bmcgateway.sim.TestCertificates;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A double of HPE's iLO 5 on loopback: serves web pages, Redfish, console, media and uploads over
 * TLS, refuses what the unit refuses, and records what it was sent. Takes no other {@code Host}
 * than its own authority; its certificate, {@code CN=ILO<tag>}, is of an authority not to be
 * trusted.
 *
 * <p>Use: {@code try (var bmc = Ilo5Simulator.builder().tag("CZ1234").start()) { ... }}.
 * Thread-safe.
 */
public final class Ilo5Simulator extends SimulatedBmc {

  private final Ilo5Site site;

  private Ilo5Simulator(BmcServer server, Ilo5Site site, Identity identity) {
    super(server, identity);
    this.site = site;
  }

  /** A unit with everything at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Web sessions in use; a leaked one stays for 30 minutes. */
  @Override
  public int sessionsInUse() {
    return site.sessions().all().size();
  }

  /** The files that were accepted, in order. */
  public List<Upload> uploads() {
    return site.firmware().uploads();
  }

  /** Resets the unit: sessions are lost, connections refused for {@link Builder#resetTime}. */
  public void reset() {
    site.reset();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder extends ServedUnitBuilder<Builder> {

    private final Set<Ilo5Quirk> quirks = Ilo5Quirk.defaults();
    private String cookieAttributes = "; Path=/; Secure";
    private int sessionPool = 6;
    private int failuresBeforeDelay = 1;
    private Duration loginDelay = Duration.ofSeconds(2);
    private ConsoleAnswer answer = ConsoleAnswer.OK;
    private int burstBytes = 64 * 1024;
    private Duration consoleIdle = Duration.ofSeconds(300);
    private long mediaReadBytes = 4L << 20;
    private Duration eventInterval = Duration.ofSeconds(3);
    private Duration flashTime = Duration.ofSeconds(3);
    private Duration resetTime = Duration.ofSeconds(60);

    private Builder() {
      super(
          "CZJ0000001",
          "Sim-ulated1",
          /* requestsPerConnection= */ 1000,
          Duration.ofSeconds(30),
          /* maxConnections= */ 8);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Adds habits that aren't there by default. */
    public Builder with(Ilo5Quirk... added) {
      quirks.addAll(List.of(added));
      return this;
    }

    /** Takes habits away that are there by default. */
    public Builder without(Ilo5Quirk... removed) {
      List.of(removed).forEach(quirks::remove);
      return this;
    }

    /** What follows the key in {@code Set-Cookie}; default {@code "; Path=/; Secure"}. */
    public Builder cookieAttributes(String value) {
      cookieAttributes = value;
      return this;
    }

    /** Web sessions that fit; default 6. */
    public Builder sessionPool(int value) {
      sessionPool = value;
      return this;
    }

    /**
     * After so many wrong passwords in a row (default 1; 0 for never) every login fails for a time
     * (default 2 s). Real units: 0, 1, 3 or 5; 2, 5, 10 or 30 s.
     */
    public Builder loginDelay(int failures, Duration delay) {
      failuresBeforeDelay = failures;
      loginDelay = delay;
      return this;
    }

    /** How the console greets a viewer with a right key; default {@link ConsoleAnswer#OK}. */
    public Builder consoleAnswer(ConsoleAnswer value) {
      answer = value;
      return this;
    }

    /** Largest WebSocket message of the console; default 64 KiB, a whole picture is 1.5 MiB. */
    public Builder burstBytes(int value) {
      burstBytes = value;
      return this;
    }

    /** A console whose viewer is silent for so long is closed; default 300 s. */
    public Builder consoleIdle(Duration value) {
      consoleIdle = value;
      return this;
    }

    /** How much of an attached image is read; default 4 MiB. */
    public Builder mediaReadBytes(long value) {
      mediaReadBytes = value;
      return this;
    }

    /** Time between two server-sent events; default 3 s. */
    public Builder eventInterval(Duration value) {
      eventInterval = value;
      return this;
    }

    /** How long new firmware takes to be written before the unit resets; default 3 s. */
    public Builder flashTime(Duration value) {
      flashTime = value;
      return this;
    }

    /** For how long a reset unit refuses connections; default 60 s. */
    public Builder resetTime(Duration value) {
      resetTime = value;
      return this;
    }

    /** Makes the unit and serves. */
    public Ilo5Simulator start() throws Exception {
      Ilo5Options options = options();
      KeyStore keyStore =
          TestCertificates.issuedBy(
              "CN=Default Issuer (Do not trust),O=Hewlett Packard Enterprise,OU=ISS,"
                  + "L=Houston,ST=Texas,C=US",
              "CN=" + options.iloName() + ",O=Hewlett Packard Enterprise,OU=ISS",
              options.iloName());
      Ilo5Site site = new Ilo5Site(options, Clock.systemUTC());
      BmcServer server = new BmcServer(serverOptions(port(), keyStore, tls()), site);
      site.serveOn(server);
      server.start();
      return new Ilo5Simulator(
          server, site, new Identity(tag(), options.user(), password(), keyStore));
    }

    private Ilo5Options options() {
      return new Ilo5Options(
          tag(),
          "Administrator",
          password(),
          Set.copyOf(quirks),
          cookieAttributes,
          sessionPool,
          failuresBeforeDelay,
          loginDelay,
          answer,
          frameInterval(),
          burstBytes,
          consoleIdle,
          mediaReadBytes,
          eventInterval,
          flashTime,
          resetTime);
    }

    private BmcServer.Tls tls() {
      return quirks.contains(Ilo5Quirk.CNSA_SUITES)
          ? new BmcServer.Tls(TLS_1_2.protocols(), List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
          : TLS_1_2;
    }
  }
}
