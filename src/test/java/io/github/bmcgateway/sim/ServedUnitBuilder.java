package io.github.bmcgateway.sim;

import java.security.KeyStore;
import java.time.Duration;
import java.util.List;

/**
 * Sets up a simulated BMC that stands on a {@link BmcServer}. Not thread-safe.
 *
 * @param <B> the vendor's builder
 */
public abstract class ServedUnitBuilder<B extends ServedUnitBuilder<B>> extends UnitBuilder<B> {

  /** Jetty's choice of versions and suites of TLS. */
  protected static final BmcServer.Tls ANY_TLS = new BmcServer.Tls(List.of(), List.of());

  /** TLS 1.2, and Jetty's choice of suites. */
  protected static final BmcServer.Tls TLS_1_2 = new BmcServer.Tls(List.of("TLSv1.2"), List.of());

  private Duration latencyMin = Duration.ZERO;
  private Duration latencyMax = Duration.ZERO;
  private int requestsPerConnection;
  private Duration idle;
  private int maxConnections;

  /** A unit whose connections end as {@link #keepAlive} and number as {@link #maxConnections}. */
  protected ServedUnitBuilder(
      String tag, String password, int requestsPerConnection, Duration idle, int maxConnections) {
    super(tag, password);
    this.requestsPerConnection = requestsPerConnection;
    this.idle = idle;
    this.maxConnections = maxConnections;
  }

  /** Every answer takes a random time in this range; default none. Real units: 0.2 to 20 s. */
  public final B latency(Duration min, Duration max) {
    latencyMin = min;
    latencyMax = max;
    return self();
  }

  /** A connection is closed after so many answers or so long idle. */
  public final B keepAlive(int requests, Duration idleTime) {
    requestsPerConnection = requests;
    idle = idleTime;
    return self();
  }

  /** More HTTP connections at a time are a violation, for each port. */
  public final B maxConnections(int value) {
    maxConnections = value;
    return self();
  }

  /** How the server behaves that is to be bound to this port. */
  protected final BmcServer.Options serverOptions(
      int boundPort, KeyStore keyStore, BmcServer.Tls tls) {
    return new BmcServer.Options(
        host(),
        boundPort,
        keyStore,
        latencyMin,
        latencyMax,
        requestsPerConnection,
        idle,
        maxConnections,
        tls);
  }
}
