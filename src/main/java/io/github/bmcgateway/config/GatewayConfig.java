package io.github.bmcgateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All settings of one gateway: an immutable snapshot, validated as a whole before anything starts.
 * The reference of the settings is {@code src/docs/settings.md}.
 */
public record GatewayConfig(
    Token token,
    Session session,
    Bmc bmc,
    Gateway gateway,
    Limits limits,
    Proxy proxy,
    Shutdown shutdown,
    Admin admin,
    Ops ops) {

  /**
   * How tokens are verified.
   *
   * @param keys HS256 secrets of at least 32 bytes each; a token may be signed with any of them
   * @param keyFile the file that the secrets come from, if they come from one of their own
   * @param jwks where the issuer's public keys are, if there are any
   * @param audience the {@code aud} a token must carry, if any is demanded
   * @param issuer the {@code iss} a token must carry, if any is demanded
   * @param maxLifetime the longest time from now to {@code exp} that a link may claim
   */
  public record Token(
      List<Secret> keys,
      Optional<KeyFile> keyFile,
      Optional<JwkSetLocation> jwks,
      Optional<String> audience,
      Optional<String> issuer,
      Duration maxLifetime) {
    /** With secrets alone, for any audience. */
    public Token(List<Secret> keys, Optional<String> issuer, Duration maxLifetime) {
      this(keys, Optional.empty(), Optional.empty(), Optional.empty(), issuer, maxLifetime);
    }
  }

  /**
   * How a browser's session is kept.
   *
   * @param cookie name of the session cookie
   * @param path path of the session link
   * @param publicHosts hosts under which the gateway may be addressed; empty for any
   */
  public record Session(String cookie, String path, List<HostPattern> publicHosts) {}

  /**
   * Where BMCs may lie, and what is known of them.
   *
   * @param networks networks in which a BMC's address must lie
   * @param ports ports that may be dialled; empty for 443 and the vendor profiles' console ports
   * @param overrides what differs for single BMCs
   * @param profiles folder of the operator's own vendor profiles, if there is one
   * @param trust how BMCs are recognised
   */
  public record Bmc(
      Networks networks,
      Set<Integer> ports,
      Overrides overrides,
      Optional<Path> profiles,
      BmcTrust trust) {
    /** Without overrides, pins, and vendor profiles of the operator's own. */
    public Bmc(Networks networks, Set<Integer> ports) {
      this(networks, ports, Overrides.NONE, Optional.empty(), BmcTrust.NONE);
    }
  }

  /**
   * This gateway among others.
   *
   * @param trustedProxies load balancers whose forwarding headers are believed
   * @param trustedEdges pmproxy edges, which say where a request goes and where it came from
   * @param relay which other gateways there are
   * @param shared over what its nodes share what they remember; without it each remembers by itself
   */
  public record Gateway(
      List<Cidr> trustedProxies,
      List<Cidr> trustedEdges,
      Relay relay,
      Optional<RedisAddress> shared) {
    /** Behind load balancers, and alone. */
    public Gateway(List<Cidr> trustedProxies) {
      this(trustedProxies, List.of(), Relay.NONE, Optional.empty());
    }
  }

  /**
   * To whom the tokens go that name another gateway. With neither names nor upstreams the claim
   * says nothing and everything is served here.
   *
   * @param names this gateway's own host names
   * @param upstreams the other gateways; the first that matches counts
   * @param port where they are reached
   * @param authorities the file of the authorities that certify them; the JVM's without it
   */
  public record Relay(
      List<HostPattern> names,
      List<UpstreamPattern> upstreams,
      int port,
      Optional<Path> authorities) {
    /** A gateway that knows of no other. */
    public static final Relay NONE = new Relay(List.of(), List.of(), 8443, Optional.empty());
  }

  /**
   * Bounds.
   *
   * @param bmcConnections requests to one BMC at a time where its profile names no number
   * @param bmcQueue requests that may wait for their turn at one BMC
   * @param consoles sockets that may be open
   * @param linksPerMinute requests for the session link a minute from one client address
   */
  public record Limits(
      int bmcConnections, int bmcQueue, ConsoleLimits consoles, int linksPerMinute) {
    /** With the usual bounds on what browsers do. */
    public Limits(int bmcConnections, int bmcQueue) {
      this(bmcConnections, bmcQueue, new ConsoleLimits(16, 32, 20_000), 1_200);
    }
  }

  /**
   * How many sockets may be open or being opened.
   *
   * @param perSession of one session
   * @param perBmc at one BMC, of all sessions
   * @param inAll through this gateway
   */
  public record ConsoleLimits(int perSession, int perBmc, int inAll) {}

  /**
   * The HTTP hop to a BMC.
   *
   * @param spoolMaxBytes longest request body of unknown length that is spooled
   * @param spoolTotalBytes what all bodies together may have that are spooled at a time
   * @param spoolDir folder of the spool files
   * @param cacheBytes what assets of BMCs may take of the heap; 0 for none
   * @param connectTimeout longest time for the TCP connection to a BMC
   * @param answerTimeout longest silence of a BMC within an exchange
   */
  public record Proxy(
      long spoolMaxBytes,
      long spoolTotalBytes,
      Path spoolDir,
      long cacheBytes,
      Duration connectTimeout,
      Duration answerTimeout) {
    /** With the usual bounds on all spooled bodies together and on the cache. */
    public Proxy(
        long spoolMaxBytes, Path spoolDir, Duration connectTimeout, Duration answerTimeout) {
      this(spoolMaxBytes, 8L << 30, spoolDir, 64L << 20, connectTimeout, answerTimeout);
    }
  }

  /**
   * How the gateway goes down.
   *
   * @param drain how long open consoles live on after the signal to shut down, 0 to 10 s
   */
  public record Shutdown(Duration drain) {}

  /**
   * What operators do while the gateway runs.
   *
   * @param key opens the admin endpoint; without it there is none
   * @param revocations file of revocations that is watched, if there is one
   */
  public record Admin(Optional<Secret> key, Optional<Path> revocations) {}

  /**
   * What operators see.
   *
   * @param auditLog file of the audit; without it the audit goes to a log category
   * @param metricsAllow who may read metrics
   */
  public record Ops(Optional<Path> auditLog, List<Cidr> metricsAllow) {
    /** With metrics for this machine alone. */
    public Ops(Optional<Path> auditLog) {
      this(auditLog, Cidr.LOOPBACK);
    }
  }
}
