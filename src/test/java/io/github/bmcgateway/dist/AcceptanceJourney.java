package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.TestKeys;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.token.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.function.Executable;

/**
 * The way of a customer and of an operator through a gateway in one container, from the first link
 * to the SIGTERM. A check that fails doesn't keep the others from being made.
 */
final class AcceptanceJourney implements AutoCloseable {
  private static final int UPLOAD_BYTES = 50_000_000;

  /** Long enough that everything else up to the expiry is checked meanwhile. */
  private static final long LIFE_SECONDS = 20;

  private static final Duration END = Duration.ofSeconds(15);

  private final Map<Check, Outcome> outcomes = new EnumMap<>(Check.class);
  private final Container container;
  private final Idrac9Simulator bmc;
  private final StreamingBmc streams;
  private final Path config;
  private final Server server;
  private final Browser browser;
  private final Customer customer;

  private AcceptanceJourney(
      Container container, Path folder, Map<String, String> environment, Idrac9Simulator bmc)
      throws Exception {
    this.container = container;
    this.bmc = bmc;
    streams = new StreamingBmc();
    config = Files.createDirectories(folder.resolve("config"));
    writeKeys(TestKeys.FIRST);
    Map<String, String> settings = new HashMap<>(environment);
    settings.put("BMC_GATEWAY_CONFIG", config.toString());
    settings.put("BMC_NETWORKS", "127.0.0.0/8");
    settings.put("BMC_PORTS", bmc.port() + "," + streams.port());
    server = container.prepare(Files.createDirectories(folder.resolve("server")), settings);
    browser = server.browser();
    customer = new Customer(browser, bmc);
  }

  /**
   * Makes the journey in a container.
   *
   * @param folder an empty one
   * @param environment of the server, such as {@code JAVA_HOME}
   */
  static Map<Check, Outcome> make(Container container, Path folder, Map<String, String> environment)
      throws Exception {
    try (Idrac9Simulator bmc = Idrac9Simulator.builder().tag("ACCEPT1").start();
        AcceptanceJourney journey = new AcceptanceJourney(container, folder, environment, bmc)) {
      journey.server.start();
      return journey.make();
    }
  }

  private Map<Check, Outcome> make() throws Exception {
    check(Check.LINK, this::aLinkOpensASession);
    check(Check.PAGE, this::aPageOfTheBmcShows);
    Instant expiry = Instant.ofEpochSecond(Instant.now().getEpochSecond() + LIFE_SECONDS);
    Console expiring = customer.openConsole("pm-session=" + token(bmc.port(), expiry));
    expiring.answerChallenge();
    check(Check.CONSOLE, this::aConsoleIsRelayed);
    check(Check.UPLOAD, this::anUploadArrives);
    check(Check.EVENTS, this::anEventArrivesAtOnce);
    check(Check.CERTIFICATE, this::aRenewedCertificateIsShown);
    check(Check.KEY, this::anotherKeyIsTakenUp);
    check(Check.EXPIRY, () -> aConsoleEndsWithItsSession(expiring, expiry));
    Console last = customer.openConsole();
    last.answerChallenge();
    server.process().terminate();
    if (container == Container.JETTY_BASE) {
      check(Check.DRAIN, () -> newSessionsAreRefused(last));
    } else {
      outcomes.put(Check.DRAIN, new Outcome.NotApplicable("it stops listening at once"));
    }
    check(Check.SHUTDOWN, () -> consolesAndProcessEnd(last));
    check(Check.WARNINGS, this::theJavaVirtualMachineWarnedOfNothing);
    return outcomes;
  }

  private void check(Check check, Executable body) {
    try {
      body.execute();
      outcomes.put(check, new Outcome.Passed());
    } catch (Throwable why) {
      outcomes.put(check, new Outcome.Failed(why));
    }
  }

  private void aLinkOpensASession() throws Exception {
    HttpResponse<byte[]> answer = customer.followLink();

    assertEquals(302, answer.statusCode(), () -> Customer.text(answer));
    assertTrue(Customer.sessionCookie(answer).contains("; HttpOnly"));
  }

  private void aPageOfTheBmcShows() throws Exception {
    HttpResponse<byte[]> page =
        browser.get("/restgui/start.html", Map.of("Cookie", customer.session()));

    assertEquals(200, page.statusCode(), () -> Customer.text(page));
    assertTrue(Customer.text(page).contains("ACCEPT1"), () -> Customer.text(page));
  }

  private void aConsoleIsRelayed() throws Exception {
    Console console = customer.openConsole();

    assertArrayEquals(new byte[] {(byte) 0xF7, (byte) 0xB3}, console.receive());
    console.answerChallenge();
    assertEquals("RFB 003.008\n", new String(console.receive(), StandardCharsets.US_ASCII));
    console.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertEquals(WebSocket.NORMAL_CLOSURE, console.awaitClose());
  }

  private void anUploadArrives() throws Exception {
    byte[] image = new byte[UPLOAD_BYTES];
    new Random(1).nextBytes(image);
    CRC32C sum = new CRC32C();
    sum.update(image);

    HttpResponse<byte[]> answer =
        browser.post("/upload", Map.of("Cookie", streamsSession()), image);

    assertEquals(Integer.toString(UPLOAD_BYTES), Customer.text(answer));
    assertEquals(sum.getValue(), streams.checksum());
  }

  private void anEventArrivesAtOnce() throws Exception {
    try (RawClient client = new RawClient(browser.port())) {
      client.send(
          "GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: " + streamsSession() + "\r\n\r\n");
      awaitLine(client, "data: one");

      streams.sendSecondEvent();

      awaitLine(client, "data: two");
    }
  }

  private static void awaitLine(RawClient client, String text) throws IOException {
    String line = client.line();
    for (int lines = 0; !line.equals(text); lines++) {
      assertTrue(lines < 50, "no line " + text);
      line = client.line();
    }
  }

  private String streamsSession() {
    return "pm-session=" + Tokens.mint(streams.port(), "generic");
  }

  private void aRenewedCertificateIsShown() throws Exception {
    KeyStore renewed = TestCertificates.localhost();
    assertFalse(browser.certificate().equals(TestCertificates.certificate(renewed)));

    server.renew(renewed);

    server
        .process()
        .await(
            "renewed certificate",
            () -> browser.certificate().equals(TestCertificates.certificate(renewed)));
  }

  private void anotherKeyIsTakenUp() throws Exception {
    assertEquals(302, followLink(TestKeys.FIRST));
    assertEquals(401, followLink(TestKeys.SECOND));

    writeKeys(TestKeys.SECOND);

    server.process().await("the new key", () -> followLink(TestKeys.SECOND) == 302);
    assertEquals(401, followLink(TestKeys.FIRST));
  }

  /** Puts this key in force beside the one that all other tokens here are signed with. */
  private void writeKeys(String key) throws IOException {
    Files.writeString(
        config.resolve("gateway.yaml"),
        "token: {key: \"" + Tokens.KEY + "," + key + "\"}\nlimits: {linksPerMinute: 100000}\n");
  }

  private int followLink(String key) {
    Instant expiry = Instant.now().plusSeconds(600);
    String token = TestTokens.token("127.0.0.1", expiry).claim("port", bmc.port()).key(key).build();
    try {
      return browser.get("/gpsession?token=" + token, Map.of()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String token(int port, Instant expiry) {
    return TestTokens.token("127.0.0.1", expiry)
        .claim("port", port)
        .claim("vendor", "idrac9")
        .key(Tokens.KEY)
        .build();
  }

  /** By then it has outlived the renewed certificate and the rotated key. */
  private static void aConsoleEndsWithItsSession(Console console, Instant expiry) throws Exception {
    assertEquals(4401, console.awaitClose());
    assertFalse(Instant.now().isBefore(expiry.minusMillis(50)));
  }

  private void newSessionsAreRefused(Console console) throws InterruptedException {
    server.process().await("503 for a new session", () -> followLink(Tokens.KEY) == 503);
    assertFalse(console.isClosed());
  }

  private void consolesAndProcessEnd(Console console) throws Exception {
    assertEquals(1001, console.awaitClose());
    assertEquals(128 + 15, server.process().awaitExit(END));
  }

  /** Such as of native access or of methods that are to go away. */
  private void theJavaVirtualMachineWarnedOfNothing() {
    // Tomcat's logger begins its lines so, too; the certificates of a test are never new enough.
    List<String> output =
        server.process().output().lines().filter(line -> !line.endsWith("renewal")).toList();
    assertEquals(List.of(), output.stream().filter(line -> line.startsWith("WARNING: ")).toList());
  }

  @Override
  public void close() throws IOException {
    server.close();
    streams.close();
  }
}
