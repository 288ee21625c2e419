package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Program;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Jetty base as a service: certificates as certbot lays them out, limits, request log. */
class JettyBaseServiceIT {
  private static final int CONNECTIONS = 20;

  @TempDir static Path folder;
  private static Path live;
  private static KeyStore first;
  private static ScriptedBmc bmc;
  private static JettyBase base;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    live = Files.createDirectories(folder.resolve("letsencrypt/live/pm.example.com"));
    Files.createDirectories(folder.resolve("letsencrypt/archive/pm.example.com"));
    first = TestCertificates.localhost();
    archive(1, first);
    link("privkey", 1);
    link("fullchain", 1);
    bmc = ScriptedBmc.start(SlowClients::answer);
    base =
        JettyBase.unpack(
                Files.createDirectory(folder.resolve("base")),
                Map.of(
                    "BMC_NETWORKS",
                    "127.0.0.0/8",
                    "BMC_PORTS",
                    Integer.toString(bmc.port()),
                    "CERT_PATH",
                    live.resolve("fullchain.pem").toString(),
                    "KEY_PATH",
                    live.resolve("privkey.pem").toString()))
            .with(
                "bmcgateway.connections=" + CONNECTIONS,
                "bmcgateway.idleTimeout=4000",
                "bmcgateway.headTimeout=4000",
                "bmcgateway.bodyWindow=" + SlowClients.WINDOW_MILLIS,
                "bmcgateway.bodyRate=100");
    base.start();
    browser = base.browser();
  }

  @AfterAll
  static void stop() throws IOException {
    base.close();
    bmc.close();
  }

  private static void archive(int number, KeyStore pair) throws IOException {
    Path archive = live.resolve("../../archive/pm.example.com");
    Files.writeString(archive.resolve("privkey" + number + ".pem"), TestCertificates.keyPem(pair));
    Files.writeString(
        archive.resolve("fullchain" + number + ".pem"), TestCertificates.chainPem(pair));
  }

  /** Points a link in live/ at a file in archive/, as certbot does: relative, and at once. */
  private static void link(String name, int number) throws IOException {
    Path fresh = live.resolve(name + ".new");
    Files.createSymbolicLink(
        fresh, Path.of("../../archive/pm.example.com/" + name + number + ".pem"));
    Files.move(
        fresh,
        live.resolve(name + ".pem"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aRenewalOfCertbotIsTakenUpOnlyWhenCertificateAndKeyBelongTogether() throws Exception {
    KeyStore renewed = TestCertificates.localhost();
    archive(2, renewed);

    link("fullchain", 2);
    base.process().await("word of it", () -> base.process().output().contains("kept the cert"));
    assertEquals(TestCertificates.certificate(first), browser.certificate());

    link("privkey", 2);
    base.process()
        .await(
            "renewed certificate",
            () -> browser.certificate().equals(TestCertificates.certificate(renewed)));
    assertFalse(base.process().output().contains("PRIVATE KEY"), base.process()::output);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1", "-tls1_1", "-tls1_2", "-tls1_3"})
  void speaksTls12And13Only(String version) throws Exception {
    String openssl = Program.find("openssl", "openssl");
    Process client =
        new ProcessBuilder(
                openssl,
                "s_client",
                "-connect",
                "127.0.0.1:" + browser.port(),
                version,
                "-cipher",
                "DEFAULT:@SECLEVEL=0")
            .redirectErrorStream(true)
            .start();
    client.getOutputStream().close();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    boolean modern = version.matches("-tls1_[23]");
    assertEquals(modern ? 0 : 1, client.waitFor(), said);
    // Without an alert of the server's, it would be openssl that doesn't speak it.
    assertTrue(modern || said.contains("alert protocol version"), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"})
  void refusesSuitesThatLeakOrCostTooMuch(String suite) throws Exception {
    handshake("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256").close();

    assertThrows(SSLException.class, () -> handshake(suite).close());
  }

  private static SSLSocket handshake(String suite) throws IOException {
    SSLSocket socket = browser.connect();
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    socket.setEnabledCipherSuites(new String[] {suite});
    socket.startHandshake();
    return socket;
  }

  /** All at a time, so that their time passes once. */
  @Test
  void cutsOffWhoSaysLittleOrNothingButNotWhoIsSlow() throws Exception {
    try (SlowClients clients = new SlowClients(browser, Tokens.mint(bmc.port(), "generic"))) {
      clients.fallSilent("");
      clients.fallSilent("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ");
      clients.fallSilent(
          "POST /gpsession HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntok");
      clients.dripHandshake();
      clients.dripHead();
      clients.dripHeadOfHttp2();
      clients.dripBodyForTheGateway();
      clients.dripBodyForTheBmc("Content-Length: 100000");
      clients.dripBodyForTheBmc("Transfer-Encoding: chunked");
      clients.dripBodyOfHttp2();
      Future<String> upload = clients.uploadSlowly();
      Future<String> events = clients.listen();
      Future<String> console = clients.typeSlowly();

      clients.awaitThatAllAreCutOff();
      assertEquals("uploaded", upload.get(60, TimeUnit.SECONDS));
      assertEquals("heard", events.get(60, TimeUnit.SECONDS));
      assertEquals("typed", console.get(60, TimeUnit.SECONDS));
    }
    Eventually.holds("nothing is left at the BMC", () -> bmc.openConnections() == 0);
  }

  @Test
  void acceptsNoMoreConnectionsThanItMay() throws Exception {
    int attempts = 3;
    while (!isBounded()) {
      attempts--;
      assertTrue(attempts > 0, "answers beyond the limit");
    }
  }

  /**
   * Whether one is beyond the limit, and the next as well. On a busy machine a handshake below it
   * may take too long, or the first connection be closed as idle before the last is opened.
   */
  private static boolean isBounded() throws Exception {
    List<SSLSocket> open = new ArrayList<>();
    try {
      while (open.size() <= CONNECTIONS && isAnswered(open)) {
        // isAnswered has opened one more.
      }
      return !isAnswered(open);
    } finally {
      for (SSLSocket socket : open) {
        socket.close();
      }
      base.process().await("answer when they are closed", browser::answers);
    }
  }

  private static boolean isAnswered(List<SSLSocket> open) throws IOException {
    SSLSocket socket = browser.connect();
    open.add(socket);
    socket.setSoTimeout(1000);
    try {
      socket.startHandshake();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void writesRequestsDownWithoutWhatOpensADoor() throws Exception {
    String token = Tokens.mint(bmc.port(), "generic");
    assertEquals(302, browser.get("/gpsession?token=" + token, Map.of()).statusCode());
    browser.get("/page;s=SECRET?k=SECRET", Map.of("Cookie", "pm-session=" + token));
    browser.sendRaw("GET /a%00?token=SECRET HTTP/1.1\r\nHost: localhost\r\n\r\n");

    for (String line :
        List.of(
            "\\S+Z 127\\.0\\.0\\.1 GET /gpsession HTTP/2\\.0 302 0 \\d+",
            ".* GET /page HTTP/2\\.0 .*",
            ".* 400 .*")) {
      // Each is written when its answer is out.
      Eventually.holds(
          () -> line + " in " + requestLog(),
          () -> requestLog().lines().anyMatch(each -> each.matches(line)));
    }
    for (String secret : List.of("SECRET", token.substring(0, 10), "token")) {
      assertFalse(requestLog().contains(secret), JettyBaseServiceIT::requestLog);
    }
  }

  private static String requestLog() {
    try (Stream<Path> logs = Files.list(base.folder().resolve("logs"))) {
      Path log =
          logs.filter(
                  file -> file.getFileName().toString().matches("request-\\d{4}_\\d\\d_\\d\\d.log"))
              .findFirst()
              .orElseGet(() -> fail("no request log"));
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
