package io.github.bmcgateway.jettybase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemSslContextFactoryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Server server = new Server();
  private Path certificateFile;
  private Path keyFile;
  private KeyStore first;
  private ServerConnector connector;

  @BeforeEach
  void start() throws Exception {
    certificateFile = folder.resolve("origin.crt");
    keyFile = folder.resolve("origin.key");
    first = TestCertificates.localhost();
    write(certificateFile, TestCertificates.chainPem(first));
    write(keyFile, TestCertificates.keyPem(first));
    PemSslContextFactory tls =
        new PemSslContextFactory(certificateFile.toString(), keyFile.toString());
    tls.setScanSeconds(1);
    connector =
        new ServerConnector(
            server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void servesTheCertificateOfTheFiles() throws Exception {
    assertEquals(TestCertificates.certificate(first), served("TLSv1.3"));
    assertEquals(TestCertificates.certificate(first), served("TLSv1.2"));
  }

  @Test
  void refusesOldProtocols() {
    assertThrows(SSLException.class, () -> served("TLSv1.1"));
  }

  @Test
  void takesUpARenewedPair() throws Exception {
    KeyStore renewed = TestCertificates.localhost();
    write(keyFile, TestCertificates.keyPem(renewed));
    write(certificateFile, TestCertificates.chainPem(renewed));

    awaitServed(renewed);
  }

  @Test
  void keepsThePairInUseWhileTheFilesDoNotBelongTogether() throws Exception {
    KeyStore renewed = TestCertificates.localhost();
    write(keyFile, TestCertificates.keyPem(renewed));
    Instant settled = Instant.now().plusSeconds(3);
    while (Instant.now().isBefore(settled)) {
      assertEquals(TestCertificates.certificate(first), served("TLSv1.3"));
      Thread.sleep(200);
    }

    write(certificateFile, TestCertificates.chainPem(renewed));
    awaitServed(renewed);
  }

  @Test
  void followsALinkThatIsPointedElsewhere() throws Exception {
    KeyStore renewed = TestCertificates.localhost();
    relink(keyFile, "key2.pem", TestCertificates.keyPem(renewed));
    relink(certificateFile, "chain2.pem", TestCertificates.chainPem(renewed));

    awaitServed(renewed);
  }

  private void relink(Path link, String name, String pem) throws IOException {
    Path target = folder.resolve(name);
    write(target, pem);
    Path fresh = Files.createSymbolicLink(folder.resolve(name + ".link"), target);
    Files.move(fresh, link, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void awaitServed(KeyStore expected) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (!served("TLSv1.3").equals(TestCertificates.certificate(expected))
        && Instant.now().isBefore(end)) {
      Thread.sleep(100);
    }
    assertEquals(TestCertificates.certificate(expected), served("TLSv1.3"));
  }

  private Certificate served(String protocol) throws Exception {
    SslContextFactory.Client trusting = new SslContextFactory.Client(/* trustAll= */ true);
    trusting.setExcludeProtocols();
    trusting.start();
    SSLContext context = trusting.getSslContext();
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket("127.0.0.1", connector.getLocalPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    } finally {
      trusting.stop();
    }
  }

  private static void write(Path file, String pem) throws IOException {
    Files.writeString(file, pem);
  }
}
