package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.config.TlsProfile;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Makes the TLS engine of each connection to a BMC: the JVM's own TLS, or for BMCs that the
 * settings call legacy another one. Neither looks at names or issuers, as BMCs have no certificates
 * that would bear it; {@link CertificateCheck} does the rest once the handshake is through. Safe
 * for use by several threads.
 */
public final class BmcTls extends SslContextFactory.Client {
  private final Overrides overrides;
  private final Optional<LegacyTls> legacy;

  private BmcTls(Overrides overrides, Optional<LegacyTls> legacy) {
    super(/* trustAll= */ true);
    this.overrides = overrides;
    this.legacy = legacy;
    setEndpointIdentificationAlgorithm(null);
    // Jetty leaves out what BMCs of ten years ago have to offer; the JVM's own policy still holds.
    setExcludeCipherSuites();
  }

  /** Loads what legacy BMCs need if there is an override for any. */
  public static BmcTls of(Overrides overrides) {
    boolean legacy =
        overrides.entries().stream()
            .anyMatch(entry -> entry.tls().equals(Optional.of(TlsProfile.LEGACY)));
    return new BmcTls(overrides, legacy ? Optional.of(LegacyTls.load()) : Optional.empty());
  }

  @Override
  public SSLEngine newSSLEngine(String host, int port) {
    return legacy
        .filter(tls -> isLegacy(host))
        .map(tls -> tls.newEngine(host, port))
        .orElseGet(() -> super.newSSLEngine(host, port));
  }

  private boolean isLegacy(String host) {
    return IpAddresses.parse(host)
        .flatMap(overrides::tls)
        .filter(TlsProfile.LEGACY::equals)
        .isPresent();
  }
}
