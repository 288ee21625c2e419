package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Finds out which TLS a BMC speaks, by one connection for each version on which nothing is sent
 * after the handshake. Blocks; safe for use by several threads.
 */
public final class TlsProbe {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"};

  private final Duration limit;
  private final LegacyTls legacy;
  private final SSLContext modern;

  /**
   * What was found out.
   *
   * @param certificate the BMC's own, without the chain
   * @param modern whether the gateway can talk to it without an override {@code tls: legacy}
   * @param versions what came of each version, from the newest on
   */
  public record Facts(X509Certificate certificate, boolean modern, List<Version> versions) {}

  /**
   * One version.
   *
   * @param name as {@code TLSv1.2}
   * @param suite the suite that the BMC chose; empty if it doesn't speak this version
   */
  public record Version(String name, Optional<String> suite) {}

  /**
   * A probe for any number of BMCs.
   *
   * @param limit longest time for a connection, and for the handshake on it
   */
  public TlsProbe(Duration limit) {
    this.limit = limit;
    this.legacy = LegacyTls.load();
    try {
      modern = SSLContext.getInstance("TLS");
      modern.init(new KeyManager[0], SslContextFactory.TRUST_ALL_CERTS, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Asks.
   *
   * @throws IOException when the BMC can't be reached, or no version comes to a handshake
   */
  public Facts ask(Endpoint bmc) throws IOException {
    Optional<SSLSession> asIs = attempt(bmc, modern, Optional.empty());
    Optional<SSLSession> any = asIs;
    List<Version> versions = new ArrayList<>();
    for (String version : VERSIONS) {
      Optional<SSLSession> session = attempt(bmc, legacy.context(), Optional.of(version));
      versions.add(new Version(version, session.map(SSLSession::getCipherSuite)));
      any = any.or(() -> session);
    }
    SSLSession session =
        any.orElseThrow(() -> new IOException("it speaks no TLS that the gateway knows"));
    return new Facts(certificate(session), asIs.isPresent(), versions);
  }

  /**
   * Asks for the certificate alone.
   *
   * @throws IOException as {@link #ask} does
   */
  public X509Certificate certificate(Endpoint bmc) throws IOException {
    Optional<SSLSession> session = attempt(bmc, modern, Optional.empty());
    return session.isPresent() ? certificate(session.get()) : ask(bmc).certificate();
  }

  private static X509Certificate certificate(SSLSession session) throws IOException {
    return (X509Certificate) session.getPeerCertificates()[0];
  }

  /** The session, or nothing if there was a connection but no handshake. */
  private Optional<SSLSession> attempt(Endpoint bmc, SSLContext context, Optional<String> version)
      throws IOException {
    int millis = Math.toIntExact(limit.toMillis());
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(bmc.ip(), bmc.port()), millis);
      plain.setSoTimeout(millis);
      return handshake(plain, bmc, context, version);
    }
  }

  private Optional<SSLSession> handshake(
      Socket plain, Endpoint bmc, SSLContext context, Optional<String> version) {
    String host = bmc.ip().getHostAddress();
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(plain, host, bmc.port(), /* autoClose= */ true)) {
      if (version.isPresent()) {
        socket.setEnabledProtocols(new String[] {version.get()});
        socket.setEnabledCipherSuites(legacy.suites());
      }
      socket.startHandshake();
      return Optional.of(socket.getSession());
    } catch (IOException refused) {
      return Optional.empty();
    }
  }
}
