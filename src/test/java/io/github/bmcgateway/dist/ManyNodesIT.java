package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.RedisServer;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.WrittenLines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes of one gateway that share a Redis server, behind Debian's haproxy with {@code
 * webapp-config/}'s example.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyNodesIT {
  private static final String ADMIN_KEY = "vR7pXq2LmZ8sTd4KwYb9NcHf3JgUa6Ee";
  private static final String PM_SESSION = ".*(pm-session=[^;]+).*";
  private static final int SESSION_ENDED = 4401;

  private final KeyStore keys = TestCertificates.localhost();
  private final TestCertificates.Authority authority = TestCertificates.authority("Redis CA");
  private final List<GatewayFixture> nodes = new ArrayList<>();
  private Path folder;
  private FakeBmc bmc;
  private RedisServer redis;
  private FrontProxy proxy;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    bmc = new FakeBmc();
    redis = RedisServer.start(folder, authority.issue("redis", "127.0.0.1"));
    for (int index = 0; index < 3; index++) {
      nodes.add(node(index, 0));
    }
    proxy = proxy(nodes.stream().map(GatewayFixture::port).toList(), "proxy");
  }

  @AfterAll
  void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    for (GatewayFixture node : nodes) {
      node.close();
    }
    redis.close();
    bmc.close();
  }

  private FrontProxy proxy(List<Integer> ports, String name) throws Exception {
    Path own = Files.createDirectory(folder.resolve(name));
    return FrontProxy.haproxyOfNodes(own, keys, ports);
  }

  private GatewayFixture node(int index, int port) throws Exception {
    return GatewayFixture.builder(bmc.port())
        .at("127.0.0.1", port)
        .keys(keys)
        .yaml(settings())
        .yaml("ops: {auditLog: " + audit(index) + "}")
        .start();
  }

  private String settings() {
    return settings(redis.url());
  }

  private static String settings(String redisUrl) {
    return """
        admin: {key: %s}
        shared: {redis: "%s"}
        gateway: {trustedProxies: [127.0.0.1]}
        shutdown: {drain: 10s}
        """
        .formatted(ADMIN_KEY, redisUrl);
  }

  private Path audit(int index) {
    return folder.resolve("audit-" + index + ".jsonl");
  }

  @Test
  void pagesAndConsolesOfOneSessionRunOnDifferentNodes() throws Exception {
    String token = token("spread");
    assertEquals(302, get(proxy.port(), "/gpsession?token=" + token, "").status());
    for (int page = 0; page < 6; page++) {
      assertEquals("page", get(proxy.port(), "/page", cookie(token)).text());
    }
    try (Wire one = console(proxy.port(), token);
        Wire atOne = bmc.nextConsole();
        Wire other = console(proxy.port(), token);
        Wire atOther = bmc.nextConsole()) {
      one.text("hello");
      other.text("there");
      assertEquals("hello", atOne.skipPings().text());
      assertEquals("there", atOther.skipPings().text());
    }
    Eventually.holds(
        "pages at all nodes",
        () -> IntStream.range(0, 3).allMatch(node -> isAudited(node, "\"request\"", "spread")));
    Eventually.holds(
        "consoles at two nodes",
        () ->
            IntStream.range(0, 3)
                    .filter(node -> isAudited(node, "\"console_start\"", "spread"))
                    .count()
                == 2);
  }

  @Test
  void aLinkThatWorksOnceWorksAtOneNodeOnly() throws Exception {
    String token = once();
    Answer used = confirm(nodes.get(0).port(), token);
    assertEquals(302, used.status(), used::text);
    String cookie = String.join("", used.values("Set-Cookie")).replaceAll(PM_SESSION, "$1");
    for (GatewayFixture node : nodes) {
      assertEquals(401, confirm(node.port(), token).status());
      assertEquals(401, get(node.port(), "/gpsession?token=" + token, "").status());
      assertEquals(200, get(node.port(), "/page", "Cookie: " + cookie + "\r\n").status());
    }
  }

  @Test
  void ofManyWhoUseALinkAtATimeOneGetsIn() throws Exception {
    for (int round = 0; round < 10; round++) {
      String token = once();
      List<CompletableFuture<Integer>> all =
          nodes.stream()
              .map(node -> CompletableFuture.supplyAsync(() -> statusOf(node, token)))
              .toList();
      List<Integer> statuses = new ArrayList<>(all.stream().map(CompletableFuture::join).toList());
      Collections.sort(statuses);
      assertEquals(List.of(302, 401, 401), statuses);
    }
  }

  private static int statusOf(GatewayFixture node, String token) {
    try {
      return confirm(node.port(), token).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRevocationAtOneNodeCutsAConsoleAtAnother() throws Exception {
    String token = token("grace");
    try (Wire console = console(nodes.get(1).port(), token)) {
      bmc.nextConsole();
      String answer = revoke(0, "{\"sub\":\"grace\"}");
      assertTrue(answer.contains("\"shared\":true"), answer);
      assertEquals(SESSION_ENDED, console.skipPings().closeCode());
    }
    awaitRefused(token);
  }

  @Test
  void aLogoutAtOneNodeEndsTheSessionAtAll() throws Exception {
    String token = token("linus");
    try (Wire console = console(nodes.get(1).port(), token);
        RawClient browser = new RawClient(nodes.get(0).port())) {
      bmc.nextConsole();
      String headers = cookie(token) + "Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n";
      assertEquals(200, browser.request("POST", "/.gateway/logout", headers).status());
      assertEquals(SESSION_ENDED, console.skipPings().closeCode());
    }
    awaitRefused(token);
  }

  @Test
  void withoutTheServerWhatIsKnownStaysInForceAndLinksThatWorkOnceAreRefused() throws Exception {
    String earlier = token("before");
    String meanwhile = token("meanwhile");
    String once = once();
    revoke(0, "{\"sub\":\"before\"}");
    awaitRefused(earlier);
    redis.close();
    for (GatewayFixture node : nodes) {
      Eventually.holds("an alarm", () -> isSharing(node, 0));
      assertEquals(401, get(node.port(), "/page", cookie(earlier)).status());
      assertEquals(200, get(node.port(), "/page", cookie(meanwhile)).status());
      assertEquals(200, get(node.port(), "/.gateway/ready", "").status());
      assertBusy(confirm(node.port(), once));
      assertBusy(get(node.port(), "/gpsession?token=" + once, ""));
    }
    String answer = revoke(0, "{\"sub\":\"meanwhile\"}");
    assertTrue(answer.contains("\"shared\":false"), answer);
    assertEquals(401, get(nodes.get(0).port(), "/page", cookie(meanwhile)).status());
    assertEquals(200, get(nodes.get(1).port(), "/page", cookie(meanwhile)).status());
    try (GatewayFixture blind = node(3, 0)) {
      Answer ready = get(blind.port(), "/.gateway/ready", "");
      assertEquals(503, ready.status());
      assertTrue(ready.text().contains("the revocations of the other nodes"), ready::text);

      redis.resume();

      Eventually.holds(
          "a node that knows", () -> status(blind.port(), "/.gateway/ready", "") == 200);
      awaitRefusedAt(blind, earlier);
      awaitRefusedAt(blind, meanwhile);
    }
    awaitRefused(meanwhile);
    for (GatewayFixture node : nodes) {
      Eventually.holds("the end of the alarm", () -> isSharing(node, 1));
    }
    assertEquals(302, confirm(nodes.get(2).port(), once).status());
    assertEquals(401, confirm(nodes.get(1).port(), once).status());
  }

  private static void assertBusy(Answer answer) {
    assertEquals(503, answer.status(), answer::text);
    assertTrue(answer.has("Retry-After"), answer::head);
    assertTrue(answer.text().contains("busy"), answer::text);
  }

  @Test
  void aNodeThatSpeaksTlsWithTheServerSharesWithTheOthers(@TempDir Path own) throws Exception {
    try (NodeProcess node = nodeThatTrusts(own, redis.tlsUrl("127.0.0.1"))) {
      assertEquals(200, status(node.port(), "/.gateway/ready", ""), node.log()::toString);
      String token = once();
      assertEquals(302, confirm(node.port(), token).status());
      assertEquals(401, confirm(nodes.get(0).port(), token).status());
    }
  }

  @Test
  void aServerThatShowsTheCertificateOfAnotherNameIsRefused(@TempDir Path own) throws Exception {
    try (NodeProcess node = nodeThatTrusts(own, redis.tlsUrl("localhost"))) {
      assertIsRefused(node, ": TLS with it comes to nothing: No name matching localhost found");
    }
  }

  @Test
  void aServerWhoseCertificateNobodyTrustsIsRefused(@TempDir Path own) throws Exception {
    String settings = settings(redis.tlsUrl("127.0.0.1"));
    try (NodeProcess node = NodeProcess.start(own, keys, bmc.port(), settings)) {
      assertIsRefused(
          node,
          ": TLS with it comes to nothing:"
              + " unable to find valid certification path to requested target");
    }
  }

  private void assertIsRefused(NodeProcess node, String reason) throws IOException {
    List<String> lines = node.log().stream().filter(line -> line.contains("shared.redis")).toList();
    assertEquals(1, lines.size(), node.log()::toString);
    assertTrue(lines.get(0).endsWith(reason), lines.get(0));
    assertEquals(503, status(node.port(), "/.gateway/ready", ""));
    assertEquals(503, confirm(node.port(), once()).status());
  }

  /** One whose JVM trusts the server's authority and nobody else. */
  private NodeProcess nodeThatTrusts(Path own, String redisUrl) throws Exception {
    Path trusted = own.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(trusted)) {
      authority.trustStore().store(out, TestCertificates.PASSWORD.toCharArray());
    }
    return NodeProcess.start(
        own,
        keys,
        bmc.port(),
        settings(redisUrl),
        "-Djavax.net.ssl.trustStore=" + trusted,
        "-Djavax.net.ssl.trustStorePassword=" + TestCertificates.PASSWORD);
  }

  @Test
  void whenANodeIsKilledTheOthersServeOn(@TempDir Path own) throws Exception {
    String token = token("survivor");
    try (NodeProcess third = NodeProcess.start(own, keys, bmc.port(), settings());
        FrontProxy front =
            proxy(List.of(nodes.get(0).port(), nodes.get(1).port(), third.port()), "with-third");
        Wire console = console(nodes.get(1).port(), token);
        Wire kept = bmc.nextConsole();
        Wire lost = console(third.port(), token)) {
      bmc.nextConsole();
      Visitor visitor = new Visitor(front.port(), token);
      visitor.sees(10);
      third.kill();
      visitor.sees(10);
      assertEquals(Map.of(200, true), visitor.end());
      assertTrue(lost.isEnded());
      console.text("still here");
      assertEquals("still here", kept.skipPings().text());
    }
  }

  @Test
  void aRestartOfOneNodeAfterTheOtherFailsNoPage() throws Exception {
    String token = token("patient");
    Visitor visitor = new Visitor(proxy.port(), token);
    for (int index = 0; index < 2; index++) {
      int port = nodes.get(index).port();
      retire(nodes.get(index), visitor, token);
      GatewayFixture fresh = node(index, port);
      nodes.set(index, fresh);
      Eventually.holds("pages at the new node", () -> served(fresh) > 0);
    }
    assertEquals(Map.of(200, true), visitor.end());
  }

  /** As at SIGTERM; its console ends once the balancer has noticed, and the node with it. */
  private void retire(GatewayFixture node, Visitor visitor, String token) throws Exception {
    CompletableFuture<Void> drain;
    try (Wire console = console(node.port(), token)) {
      bmc.nextConsole();
      drain = CompletableFuture.runAsync(node::drain);
      Eventually.holds("no more pages here", () -> getsNone(node, visitor));
      console.close(1000, "");
      assertEquals(1000, console.skipPings().closeCode());
    }
    drain.join();
    node.close();
  }

  private static boolean getsNone(GatewayFixture node, Visitor visitor) {
    double before = served(node);
    visitor.sees(6);
    return served(node) == before;
  }

  private static double served(GatewayFixture node) {
    return metric(node, "bmc_gateway_requests_total{status=\"2xx\",to=\"bmc\"}");
  }

  /** Looks at one page after the other until it is told to end. */
  private static final class Visitor {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Map<Integer, Boolean> seen = Collections.synchronizedMap(new TreeMap<>());
    private final AtomicInteger pages = new AtomicInteger();
    private final CompletableFuture<Void> visit;

    Visitor(int port, String token) {
      visit =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  seen.put(status(port, "/page", cookie(token)), true);
                  pages.incrementAndGet();
                }
              });
    }

    /** Waits until it has seen so many more. */
    void sees(int more) {
      int until = pages.get() + more;
      Eventually.holds("pages", () -> pages.get() >= until || visit.isDone());
    }

    Map<Integer, Boolean> end() {
      over.set(true);
      visit.join();
      return seen;
    }
  }

  private void awaitRefused(String token) {
    nodes.forEach(node -> awaitRefusedAt(node, token));
  }

  private static void awaitRefusedAt(GatewayFixture node, String token) {
    Eventually.holds(
        "a token that opens nothing", () -> status(node.port(), "/page", cookie(token)) == 401);
  }

  private static boolean isSharing(GatewayFixture node, int value) {
    return metric(node, "bmc_gateway_shared_up") == value;
  }

  private static double metric(GatewayFixture node, String series) {
    try {
      return get(node.port(), "/.gateway/metrics", "")
          .text()
          .lines()
          .filter(line -> line.startsWith(series + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + series));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String revoke(int node, String body) throws IOException {
    try (RawClient operator = new RawClient(nodes.get(node).port())) {
      Answer answer =
          operator
              .send(
                  "POST /.gateway/admin/revocations HTTP/1.1\r\nHost: node\r\n"
                      + "Authorization: Bearer "
                      + ADMIN_KEY
                      + "\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
              .answer();
      assertEquals(200, answer.status(), answer::text);
      return answer.text();
    }
  }

  private String token(String subject) {
    return Tokens.mint(
        bmc.port(), 1800, claims -> claims.claim("vendor", "generic").subject(subject));
  }

  private String once() {
    return Tokens.mint(
        bmc.port(), 1800, claims -> claims.claim("vendor", "generic").claim("once", true));
  }

  private static Answer confirm(int port, String token) throws IOException {
    String body = "token=" + token;
    try (RawClient browser = new RawClient(port)) {
      return browser
          .send(
              "POST /gpsession HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
                  + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .answer();
    }
  }

  private static Wire console(int port, String token) throws IOException {
    Wire browser = Wire.connect(port);
    browser.write(Wire.upgrade("/kvm", "Cookie: pm-session=" + token));
    assertEquals(101, Wire.status(browser.readHead()));
    return browser;
  }

  private static String cookie(String token) {
    return "Cookie: pm-session=" + token + "\r\n";
  }

  private static int status(int port, String target, String headers) {
    try {
      return get(port, target, headers).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer get(int port, String target, String headers) throws IOException {
    try (RawClient browser = new RawClient(port)) {
      return browser.get(target, headers);
    }
  }

  private boolean isAudited(int node, String... texts) {
    return WrittenLines.of(audit(node)).stream()
        .anyMatch(line -> List.of(texts).stream().allMatch(line::contains));
  }
}
