package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.CertificateWatch;
import io.github.bmcgateway.target.PinAlarm;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Opens every connection to a BMC: with the TLS, and the look at its certificate, that it needs by
 * the settings that are in force then.
 */
public final class BmcConnector extends ClientConnector {
  private final CertificateCheck check;
  private volatile TlsRules rules;

  /**
   * A connector by these settings. Loads the TLS of legacy BMCs if there is an override for any,
   * and reads the store of remembered certificates if there is one.
   *
   * @param alarm is told of certificates that aren't the right ones
   * @param watch is told of those that are
   */
  public BmcConnector(GatewayConfig.Bmc config, PinAlarm alarm, CertificateWatch watch) {
    rules = TlsRules.of(config);
    check = new CertificateCheck(() -> rules, alarm, watch);
    setSslContextFactory(new BmcTls(() -> rules));
  }

  /** Takes up what becomes right later in the store, for as long as the client runs. */
  public void watch(HttpClient client) {
    client.addEventListener(new StoreWatch(check));
  }

  /**
   * Makes ready what changed settings need, as the constructor does; nothing is changed by that.
   *
   * @return puts them in force: for connections that are opened from then on, and with them those
   *     that are kept open are compared before they are used again. To be run before another is
   *     made ready.
   * @throws IllegalStateException if they need the TLS of legacy BMCs and it can't be loaded
   */
  public Runnable prepare(GatewayConfig.Bmc config) {
    TlsRules next = rules.next(config);
    return () -> rules = next;
  }

  /**
   * Whether a connection to a BMC was made by another rule than would hold for it now, so that no
   * further request may be sent on it.
   *
   * @param endPoint the connection as it is without TLS
   */
  public static boolean isOutdated(EndPoint endPoint) {
    return checked(endPoint).filter(connection -> !connection.isCurrent()).isPresent();
  }

  /**
   * The certificate that the BMC at the other end of a connection showed when it was made; empty
   * before the handshake, or if it has none.
   *
   * @param endPoint the connection as it is without TLS
   */
  public static Optional<Fingerprint> certificate(EndPoint endPoint) {
    return checked(endPoint).flatMap(CheckedConnection::certificate);
  }

  private static Optional<CheckedConnection> checked(EndPoint endPoint) {
    return endPoint instanceof SslConnection.SslEndPoint tls
            && tls.getSslConnection() instanceof CheckedConnection checked
        ? Optional.of(checked)
        : Optional.empty();
  }

  @Override
  public SslClientConnectionFactory newSslClientConnectionFactory(
      SslContextFactory.Client tls, ClientConnectionFactory next) {
    return new SslClientConnectionFactory(tls, getByteBufferPool(), getExecutor(), next) {
      @Override
      protected SslConnection newSslConnection(EndPoint network, SSLEngine engine) {
        return new CheckedConnection(this, network, engine, check);
      }
    };
  }
}
