package io.github.bmcgateway.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.dist.OddRequests.OddRequest;
import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.WrittenLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The main job, once through, in a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewaySmoke {

  static final String AUDIT_LOG = "AUDIT_LOG";

  private static final byte[] LARGE = "var a = 'a script';\n".repeat(50_000).getBytes(UTF_8);

  private Idrac9Simulator bmc;
  private FakeBmc wiredBmc;
  private ScriptedBmc slowBmc;
  private Path audit;
  private Server server;
  private Browser browser;
  private Customer customer;

  /** Lays out the server under test with these settings, not yet started. */
  abstract Server prepare(Path folder, Map<String, String> settings) throws Exception;

  /** Which WebSocket API serves browsers there. */
  abstract WebSocketApi webSocketApi();

  /** The audit's file. */
  Path audit(Path folder) {
    return folder.resolve("audit.jsonl");
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    bmc = Idrac9Simulator.builder().tag("SMOKE01").start();
    wiredBmc = new FakeBmc();
    slowBmc = ScriptedBmc.start(GatewaySmoke::sendLargeScript);
    server =
        prepare(
            folder,
            Map.of(
                "BMC_NETWORKS",
                "127.0.0.0/8",
                "BMC_PORTS",
                bmc.port() + "," + wiredBmc.port() + "," + slowBmc.port(),
                "ADMIN_KEY",
                ConsoleEnds.ADMIN_KEY,
                AUDIT_LOG,
                folder.resolve("audit.jsonl").toString()));
    audit = audit(folder);
    server.start();
    browser = server.browser();
    customer = new Customer(browser, bmc);
  }

  @AfterAll
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    wiredBmc.close();
    slowBmc.close();
    bmc.close();
  }

  /** The BMC behind it. */
  final Recorder recorder() {
    return bmc.recorder();
  }

  /** The running server. */
  final Server server() {
    return server;
  }

  @Test
  void isHealthyAndReady() throws Exception {
    assertEquals(200, browser.get("/.gateway/health", Map.of()).statusCode());
    HttpResponse<byte[]> ready = browser.get("/.gateway/ready", Map.of());
    assertEquals(200, ready.statusCode(), () -> text(ready));
  }

  @Test
  void refusesWhoHasNoSession() throws Exception {
    HttpResponse<byte[]> answer = browser.get("/restgui/start.html", Map.of());

    assertEquals(401, answer.statusCode());
    assertTrue(text(answer).contains("\"no_session\""), () -> text(answer));
  }

  @Test
  void refusesToSendATraceOn() throws Exception {
    // Without a cookie, as Tomcat refuses to take one with it.
    String answer =
        browser.sendRaw("TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
  }

  @Test
  void aSessionLinkSetsTheCookieAndLeadsToTheRoot() throws Exception {
    HttpResponse<byte[]> answer = followLink();

    assertEquals(302, answer.statusCode());
    assertEquals("/", answer.headers().firstValue("Location").orElseThrow());
    String cookie = Customer.sessionCookie(answer);
    for (String attribute : List.of("Path=/", "HttpOnly", "SameSite=Lax", "Secure")) {
      assertTrue(cookie.contains("; " + attribute), cookie);
    }
  }

  @Test
  void showsAPageOfTheBmc() throws Exception {
    HttpResponse<byte[]> page =
        browser.get("/restgui/start.html", Map.of("Cookie", session(), "Accept-Encoding", "gzip"));

    assertEquals(200, page.statusCode(), () -> text(page));
    try (InputStream html = new GZIPInputStream(new ByteArrayInputStream(page.body()))) {
      String text = new String(html.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(text.contains("SMOKE01"), text);
    }
    assertEquals(List.of(), bmc.recorder().violations());
  }

  private static void sendLargeScript(ScriptedBmc.Exchange exchange) throws IOException {
    exchange.say(
        "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nETag: \"1\"\r\nContent-Length: "
            + LARGE.length
            + "\r\n\r\n");
    exchange.out().write(LARGE);
    exchange.out().flush();
  }

  @Test
  void keepsAFileAndSendsItWholeAndInParts() throws Exception {
    String token = Tokens.mint(slowBmc.port(), 1800, c -> c.claim("vendor", "ilo5"));
    Map<String, String> cookie = Map.of("Cookie", "pm-session=" + token);
    assertArrayEquals(LARGE, browser.get("/js/a.js", cookie).body());
    HttpResponse<byte[]> kept = browser.get("/js/a.js", cookie);
    assertArrayEquals(LARGE, kept.body());
    String tag = kept.headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> part = browser.get("/js/a.js", with(cookie, "Range", "bytes=5-99999"));
    assertEquals(206, part.statusCode());
    assertArrayEquals(Arrays.copyOfRange(LARGE, 5, 100_000), part.body());
    HttpResponse<byte[]> small = browser.get("/js/a.js", with(cookie, "Range", "bytes=-7"));
    assertArrayEquals(Arrays.copyOfRange(LARGE, LARGE.length - 7, LARGE.length), small.body());
    assertEquals(304, browser.get("/js/a.js", with(cookie, "If-None-Match", tag)).statusCode());
    HttpResponse<byte[]> head = browser.send("HEAD", "/js/a.js", cookie);
    assertEquals(LARGE.length, head.headers().firstValueAsLong("Content-Length").orElseThrow());
    assertEquals(1, slowBmc.exchanges().size());
  }

  private static Map<String, String> with(Map<String, String> all, String name, String value) {
    Map<String, String> more = new HashMap<>(all);
    more.put(name, value);
    return more;
  }

  @Test
  void writesDownWhatItDid() throws Exception {
    Map<String, String> cookie = Map.of("Cookie", session());
    assertEquals(404, browser.get("/no-such-page", cookie).statusCode());
    assertEquals(401, browser.get("/no-such-session", Map.of()).statusCode());
    Console console = openConsole();
    console.socket().sendClose(4001, "").join();

    for (String line :
        List.of(
            "\"event\":\"session_start\",.*\"path\":\"/gpsession\"}",
            "\"event\":\"request\",.*\"path\":\"/no-such-page\",\"status\":404,\"bytes_in\":0,.*",
            "\"event\":\"denied\",.*\"status\":401,.*\"error\":\"no_session\"}",
            "\"event\":\"console_start\",.*",
            "\"event\":\"console_end\",.*\"reason\":\"4001\"}")) {
      Eventually.holds(
          () -> line + " in " + String.join("\n", audit()),
          () -> audit().stream().anyMatch(each -> each.matches(".*" + line)));
    }
  }

  private List<String> audit() {
    return WrittenLines.of(audit);
  }

  @Test
  void sendsOnATargetByteForByte() throws Exception {
    String target = "//a%2fb|[c],%25?d={e}|[f]";
    String cookies = session() + "; filler=" + "x".repeat(20 * 1024);

    String answer =
        browser.sendRaw(
            "GET "
                + target
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: "
                + cookies
                + "\r\n\r\n");

    assertTrue(
        bmc.recorder().requests().stream().anyMatch(request -> request.target().equals(target)),
        answer);
  }

  @Test
  void readsARequestInOneWayOrNotAtAll() throws Exception {
    List<OddRequest> requests = OddRequests.all();

    Map<String, String> outcomes =
        new ParserCheck(browser, bmc.recorder(), session()).http1(requests);

    assertEquals(ParserCheck.BOTH, outcomes.get(OddRequests.TWO_PLAIN_ONES));
    assertEquals(ParserTable.settled(ParserTable.http1(getClass()), outcomes), outcomes);
    // Tomcat has no setting for it; what that means is said beside the table.
    if (webSocketApi() != WebSocketApi.TOMCAT) {
      requests.stream()
          .filter(request -> !request.clear())
          .forEach(one -> assertFalse(outcomes.get(one.name()).contains("next"), one.name()));
    }
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void findsOutAVendorWhileTheFirstRequestWaits() throws Exception {
    // What a BMC calls itself is part of which BMC it is: each of these is asked anew.
    String named = Tokens.mint(bmc.port(), 1800, c -> c.claim("host", bmc.ownAuthority()));
    String unnamed = Tokens.mint(bmc.port(), 1800, c -> {});

    assertEquals(302, browser.get("/", Map.of("Cookie", "pm-session=" + unnamed)).statusCode());
    Console console = customer.openConsole("pm-session=" + named);

    assertArrayEquals(new byte[] {(byte) 0xF7, (byte) 0xB3}, console.receive());
    console.socket().abort();
    for (String token : List.of(named, unnamed)) {
      HttpResponse<byte[]> session =
          browser.get("/.gateway/session", Map.of("Cookie", "pm-session=" + token));
      assertTrue(text(session).contains("\"vendor\":\"idrac9\""), () -> text(session));
    }
  }

  @Test
  void relaysAConsole() throws Exception {
    Console console = openConsole();

    assertArrayEquals(new byte[] {(byte) 0xF7, (byte) 0xB3}, console.receive());
    console.answerChallenge();
    assertEquals("RFB 003.008\n", new String(console.receive(), StandardCharsets.US_ASCII));
    console.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertEquals(WebSocket.NORMAL_CLOSURE, console.awaitClose());
  }

  @Test
  void servesConsolesByTheBestApiOfTheContainer() {
    assertTrue(server.process().output().contains("Consoles by " + webSocketApi().attribute()));
  }

  @Test
  void relaysMessagesAsTheyAre() throws Exception {
    ConsoleChecks checks = new ConsoleChecks(browser.port(), wiredBmc);

    checks.targetsArriveByteForByte();
    checks.messagesKeepTheirKindAndBounds();
    checks.charactersMayBeSplit();
    checks.longMessagesPass();
    checks.pingsAreAnswered();
  }

  @Test
  void relaysClosesAsTheyAre() throws Exception {
    ConsoleChecks checks = new ConsoleChecks(browser.port(), wiredBmc);

    checks.closesPassBothWays(4007, "ünï");
    checks.closesPassBothWays(1000, "");
    checks.aBadGatewayIs(webSocketApi() == WebSocketApi.TOMCAT ? 1011 : 1014);
    checks.aCloseWithoutCodeIs(webSocketApi() == WebSocketApi.JETTY ? 1005 : 1000);
  }

  @Test
  void endsConsolesWithTheirSessionWithinASecond() throws Exception {
    new ConsoleEnds(browser, wiredBmc).atExpiryAtLogoutAndAtRevocation();
  }

  @Test
  void cutsOffWhoBreaksTheProtocolAndLogsNothing() throws Exception {
    ConsoleChecks checks = new ConsoleChecks(browser.port(), wiredBmc);
    int logged = server.process().output().length();

    checks.badInputOfABrowserIsCutOff();
    checks.badInputOfABmcIsCutOff();

    assertEquals("", server.process().output().substring(logged));
  }

  /** A console of the BMC under a session of its own. */
  final Console openConsole() throws Exception {
    return customer.openConsole();
  }

  private HttpResponse<byte[]> followLink() throws IOException, InterruptedException {
    return customer.followLink();
  }

  final String session() throws IOException, InterruptedException {
    return customer.session();
  }

  private static String text(HttpResponse<byte[]> answer) {
    return Customer.text(answer);
  }
}
