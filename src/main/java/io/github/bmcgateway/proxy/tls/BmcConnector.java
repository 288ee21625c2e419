package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.PinAlarm;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Opens every connection to a BMC: with the TLS, and the look at its certificate, that it needs.
 */
public final class BmcConnector extends ClientConnector {
  private final CertificateCheck check;

  /**
   * A connector by these settings. Loads the TLS of legacy BMCs if there is an override for any,
   * and reads the store of remembered certificates if there is one.
   *
   * @param alarm is told of certificates that aren't the right ones
   */
  public BmcConnector(GatewayConfig.Bmc config, PinAlarm alarm) {
    check = CertificateCheck.of(config, alarm);
    setSslContextFactory(BmcTls.of(config.overrides()));
  }

  /** Takes up what becomes right later, for as long as the client runs. */
  public void watch(HttpClient client) {
    if (check.changes()) {
      client.addEventListener(new StoreWatch(check));
    }
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
