package io.github.bmcgateway.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The TLS that is spoken with other gateways: their certificates have to be for their names. */
public final class UpstreamTls {
  private UpstreamTls() {}

  /**
   * The TLS of a client.
   *
   * @param authorities file of the authorities whose certificates are good; the JVM's without it
   * @throws UncheckedIOException the file can't be read any more
   */
  public static SslContextFactory.Client by(Optional<Path> authorities) {
    SslContextFactory.Client tls = new SslContextFactory.Client(/* trustAll= */ false);
    authorities.map(UpstreamTls::store).ifPresent(tls::setTrustStore);
    tls.setEndpointIdentificationAlgorithm("HTTPS");
    return tls;
  }

  private static KeyStore store(Path authorities) {
    try (InputStream in = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number, each);
        number++;
      }
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The certificates were read before", e);
    }
  }
}
