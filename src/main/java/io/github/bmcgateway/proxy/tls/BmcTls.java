package io.github.bmcgateway.proxy.tls;

import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Makes the TLS engine of each connection to a BMC: the JVM's own TLS, or for BMCs that the
 * settings call legacy another one. Neither looks at names or issuers, as BMCs have no certificates
 * that would bear it; {@link CertificateCheck} does the rest once the handshake is through. Safe
 * for use by several threads.
 */
final class BmcTls extends SslContextFactory.Client {
  private final Supplier<TlsRules> rules;

  /**
   * @param rules those in force
   */
  BmcTls(Supplier<TlsRules> rules) {
    super(/* trustAll= */ true);
    this.rules = rules;
    setEndpointIdentificationAlgorithm(null);
    // Jetty leaves out what BMCs of ten years ago have to offer; the JVM's own policy still holds.
    setExcludeCipherSuites();
  }

  @Override
  public SSLEngine newSSLEngine(String host, int port) {
    TlsRules now = rules.get();
    return now.legacyAt(host)
        .map(tls -> tls.newEngine(host, port))
        .orElseGet(() -> modern(now, host, port));
  }

  /** Named by host and port, it resumes a session that was agreed on with them. */
  private SSLEngine modern(TlsRules now, String host, int port) {
    SSLEngine engine = now.modern().createSSLEngine(host, port);
    customize(engine);
    return engine;
  }
}
