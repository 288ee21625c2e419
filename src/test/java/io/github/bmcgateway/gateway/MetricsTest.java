package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Http2Client;
import io.github.bmcgateway.testing.PromQl;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.Scrape;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the metrics of a running gateway say, and what they never do. */
class MetricsTest {
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final Path DASHBOARD = Path.of("webapp-config/grafana-dashboard.json");
  private static final Path RULES = Path.of("webapp-config/prometheus-rules.yaml");

  /** What Prometheus itself adds: to every series, and one series for each target. */
  private static final Set<String> PROMETHEUS_LABELS = Set.of("job", "instance");

  private static final String UP = "up";

  private static final Semaphore held = new Semaphore(0);
  private static ScriptedBmc bmc;
  private static ScriptedBmc stranger;
  private static ReservedPort closed;
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    bmc = ScriptedBmc.start(MetricsTest::answer);
    stranger = ScriptedBmc.start("127.0.0.5", MetricsTest::answer);
    closed = new ReservedPort();
    gateway =
        GatewayFixture.builder(bmc.port(), stranger.port(), closed.port())
            .bmc("pins: [{address: 127.0.0.5, sha256: '" + "ab".repeat(32) + "'}]")
            .yaml("gateway: {trustedProxies: 127.0.0.1}")
            .yaml("limits: {linksPerMinute: 3, consolesPerSession: 1, bmcConnections: 1}")
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    bmc.close();
    stranger.close();
    closed.close();
  }

  private static void answer(Exchange exchange) throws IOException {
    if (exchange.requestLine().startsWith("GET /kvm")) {
      exchange.upgrade("");
      exchange.greetUntilClosed();
      throw new IOException("closed");
    } else if (exchange.requestLine().startsWith("GET /held")) {
      held.acquireUninterruptibly();
    } else if (exchange.requestLine().startsWith("GET /silent")) {
      throw new IOException("closed: " + exchange.in().read());
    }
    exchange.body();
    exchange.ok("", "<h1>a BMC</h1>");
  }

  private static Scrape scrape() {
    return Scrape.parse(text());
  }

  private static String text() {
    return text(gateway);
  }

  private static String text(GatewayFixture of) {
    try (RawClient prometheus = new RawClient(of.port())) {
      Answer answer = prometheus.get("/.gateway/metrics", "");
      assertEquals(200, answer.status(), answer::text);
      assertEquals(
          List.of("text/plain; version=0.0.4; charset=utf-8"), answer.values("Content-Type"));
      return answer.text();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Waits until a value has grown by so much since then. It may have grown by more: a request is
   * counted just after its answer, and so may be one of the test before.
   */
  private static void grown(Scrape since, double by, String name, String... labels) {
    double least = since.value(name, labels) + by;
    Eventually.holds(
        () -> name + List.of(labels) + " is " + scrape().value(name, labels) + ", not " + least,
        () -> scrape().value(name, labels) >= least);
  }

  private static void becomes(double value, String name, String... labels) {
    Eventually.holds(
        () -> name + List.of(labels) + " is " + scrape().value(name, labels) + ", not " + value,
        () -> scrape().value(name, labels) == value);
  }

  private static String token(int port) {
    return Tokens.mint(port, "generic");
  }

  private static String cookie(String token) {
    return "Cookie: pm-session=" + token + "\r\n";
  }

  private static String from(String client) {
    return "X-Forwarded-For: " + client + "\r\n";
  }

  private static Answer get(String target, String headers) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      return browser.get(target, headers);
    }
  }

  @Test
  void requestsAndTheirBytesAreCounted() throws Exception {
    Scrape before = scrape();
    String token = token(bmc.port());
    assertEquals(302, get("/gpsession?token=" + token, from("10.9.0.1")).status());
    int sent;
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send(
          "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n"
              + cookie(token)
              + "\r\nuser=me");
      Answer answer = browser.answer();
      assertEquals(200, answer.status());
      sent = answer.body().length;
    }
    grown(before, 1, "bmc_gateway_requests_total", "to", "bmc", "status", "2xx");
    grown(before, 1, "bmc_gateway_requests_total", "to", "gateway", "status", "3xx");
    grown(before, 1, "bmc_gateway_request_duration_seconds_count", "to", "bmc");
    grown(before, 7, "bmc_gateway_received_bytes_total", "protocol", "http");
    grown(before, sent, "bmc_gateway_sent_bytes_total", "protocol", "http");
    grown(before, 1, "bmc_gateway_audit_lines_total", "event", "session_start");
    grown(before, 1, "bmc_gateway_audit_lines_total", "event", "request");
  }

  @Test
  void consolesAreCountedWhileTheyAreOpenAndWhenTheyEnd() throws Exception {
    Scrape before = scrape();
    String token = token(bmc.port());
    try (RawClient console = new RawClient(gateway.port())) {
      assertEquals(101, console.get("/kvm", cookie(token) + UPGRADE).status());
      assertEquals(5, console.in().readNBytes(5).length);
      console.out().write(new byte[] {(byte) 0x82, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
      console.out().flush();
      becomes(1, "bmc_gateway_consoles");
      grown(before, 2, "bmc_gateway_received_bytes_total", "protocol", "socket");
      assertEquals(429, get("/kvm", cookie(token) + UPGRADE).status());
      console.out().write(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xe8});
      console.out().flush();
      becomes(0, "bmc_gateway_consoles");
    }
    grown(before, 1, "bmc_gateway_limited_total", "limit", "consoles");
    grown(before, 3, "bmc_gateway_sent_bytes_total", "protocol", "socket");
    grown(before, 1, "bmc_gateway_consoles_started_total");
    grown(before, 1, "bmc_gateway_consoles_ended_total", "close", "normal");
    grown(before, 1, "bmc_gateway_requests_total", "to", "bmc", "status", "1xx");
    assertEquals(20_000, scrape().value("bmc_gateway_consoles_limit"));
  }

  @Test
  void whatIsRefusedOrFailsIsCountedByItsCode() throws Exception {
    Scrape before = scrape();
    assertEquals(401, get("/", "").status());
    assertEquals(502, get("/", cookie(token(closed.port()))).status());
    String wrong =
        Tokens.mint(
            stranger.port(), 900, c -> c.claim("ip", "127.0.0.5").claim("vendor", "generic"));
    assertEquals(502, get("/", cookie(wrong)).status());
    for (int visit = 0; visit < 4; visit++) {
      int expected = visit < 3 ? 401 : 429;
      assertEquals(expected, get("/gpsession?token=x", from("10.9.0.2")).status());
    }
    grown(before, 1, "bmc_gateway_denials_total", "error", "no_session");
    grown(before, 3, "bmc_gateway_denials_total", "error", "invalid_token");
    grown(before, 1, "bmc_gateway_denials_total", "error", "too_many");
    grown(before, 1, "bmc_gateway_limited_total", "limit", "links");
    grown(before, 1, "bmc_gateway_faults_total", "fault", "bmc_unreachable");
    grown(before, 1, "bmc_gateway_faults_total", "fault", "bmc_tls");
    grown(before, 1, "bmc_gateway_pin_alarms_total");
  }

  @Test
  void aBrowserThatLeavesIsNobodysFault() throws Exception {
    try (GatewayFixture alone = GatewayFixture.start(bmc.port());
        Http2Client browser = Http2Client.start()) {
      Request request =
          browser
              .http()
              .newRequest(alone.origin() + "/silent")
              .headers(headers -> headers.put("Cookie", "pm-session=" + token(bmc.port())));
      request.send(result -> {});
      Eventually.holds("it runs", () -> count(alone, "bmc_gateway_bmc_requests") == 1);
      request.abort(new IOException("the tab is closed"));
      Eventually.holds("it is over", () -> count(alone, "bmc_gateway_bmc_requests") == 0);
      Eventually.holds(
          "it is counted",
          () -> count(alone, "bmc_gateway_request_duration_seconds_count", "to", "bmc") == 1);
      assertEquals(0, count(alone, "bmc_gateway_faults_total"));
    }
  }

  /** The sum of all series of this name, or of those with a label's value. */
  private static double count(GatewayFixture of, String name, String... label) {
    return Scrape.parse(text(of)).samples().stream()
        .filter(each -> each.name().equals(name))
        .filter(each -> label.length == 0 || label[1].equals(each.labels().get(label[0])))
        .mapToDouble(Scrape.Sample::value)
        .sum();
  }

  @Test
  void queuesAndSessionsAreThoseOfTheMoment() throws Exception {
    String token = token(bmc.port());
    try (RawClient first = new RawClient(gateway.port());
        RawClient second = new RawClient(gateway.port())) {
      String request = "GET /held HTTP/1.1\r\nHost: localhost\r\n" + cookie(token) + "\r\n";
      first.send(request);
      becomes(1, "bmc_gateway_bmc_requests", "state", "running");
      second.send(request);
      becomes(1, "bmc_gateway_bmc_requests", "state", "waiting");
      becomes(1, "bmc_gateway_bmc_longest_queue");
      becomes(1, "bmc_gateway_sessions");
      becomes(1, "bmc_gateway_bmcs");
      held.release(2);
      assertEquals(200, first.answer().status());
      assertEquals(200, second.answer().status());
    }
    becomes(0, "bmc_gateway_bmc_requests", "state", "running");
    becomes(0, "bmc_gateway_bmc_requests", "state", "waiting");
    becomes(0, "bmc_gateway_sessions");
    becomes(0, "bmc_gateway_bmcs");
  }

  @Test
  void whatIsSpooledIsSeenUntilItIsSent() throws Exception {
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send(
          "POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
              + cookie(token(bmc.port()))
              + "\r\n5\r\nhello\r\n");
      becomes(5, "bmc_gateway_spool_bytes");
      browser.send("0\r\n\r\n");
      assertEquals(200, browser.answer().status());
    }
    becomes(0, "bmc_gateway_spool_bytes");
    becomes(8L << 30, "bmc_gateway_spool_limit_bytes");
  }

  @Test
  void settingsThatAreRefusedAreSeen() throws Exception {
    Scrape before = scrape();
    double since = before.value("bmc_gateway_settings_loaded_timestamp_seconds");
    assertTrue(Math.abs(System.currentTimeMillis() / 1000.0 - since) < 3600, () -> "" + since);
    String good = Files.readString(gateway.settings());
    Files.writeString(gateway.settings(), good + "sesion: {}\n");
    becomes(1, "bmc_gateway_settings_problems");
    grown(before, 1, "bmc_gateway_settings_reloads_total", "result", "refused");
    assertEquals(since, scrape().value("bmc_gateway_settings_loaded_timestamp_seconds"));
    Files.writeString(gateway.settings(), good + "shutdown: {drain: 4s}\n");
    becomes(0, "bmc_gateway_settings_problems");
    grown(before, 1, "bmc_gateway_settings_reloads_total", "result", "taken");
    assertTrue(scrape().value("bmc_gateway_settings_loaded_timestamp_seconds") > since);
  }

  @Test
  void noTrafficMakesASeriesOrShowsInOne() throws Exception {
    Set<String> before = own();
    try (RawClient browser = new RawClient(gateway.port())) {
      for (int i = 0; i < 200; i++) {
        String ip = "127.77.0." + i;
        String name = "planted-" + i;
        String token =
            Tokens.mint(
                closed.port(),
                900,
                claims ->
                    claims.claim("ip", ip).claim("vendor", "generic").subject(name).jwtID(name));
        String headers = from("198.51.100." + i) + "User-Agent: " + name + "\r\n";
        assertEquals(502, browser.get("/" + name, headers + cookie(token)).status());
        assertEquals(302, browser.get("/gpsession?token=" + token, headers).status());
        assertEquals(401, browser.request("PLANTED" + i, "/" + name, headers).status());
      }
    }
    assertEquals(before, own());
    String text = text();
    for (String planted : List.of("planted", "PLANTED", "127.77", "198.51")) {
      assertFalse(text.contains(planted), planted);
    }
  }

  private static Set<String> own() {
    Set<String> own = new TreeSet<>(scrape().series());
    own.removeIf(series -> !series.startsWith("bmc_gateway_"));
    return own;
  }

  @Test
  void whatDashboardAndRulesAskForIsThere() throws Exception {
    JsonNode dashboard = read(JsonMapper.builder().build(), DASHBOARD);
    List<String> queries = new ArrayList<>(dashboard.findValuesAsText("expr"));
    assertTrue(queries.size() > 30, () -> queries.size() + " queries");
    dashboard.findValuesAsText("definition").forEach(queries::add);
    JsonNode rules = read(new YAMLMapper(), RULES);
    queries.addAll(rules.findValuesAsText("expr"));
    System.gc();
    Eventually.holds("a collection", () -> text().contains("jvm_gc_pause_seconds_sum"));
    Scrape scrape = scrape();
    for (String query : queries) {
      PromQl.Query parsed = PromQl.parse(query);
      assertFalse(parsed.selectors().isEmpty(), query);
      parsed.selectors().forEach(each -> assertExported(each, scrape, query));
      for (String label : parsed.groupedBy()) {
        assertTrue(
            PROMETHEUS_LABELS.contains(label)
                || parsed.selectors().stream()
                    .anyMatch(each -> labels(scrape, each).contains(label)),
            () -> label + " in " + query);
      }
    }
  }

  private static JsonNode read(ObjectMapper mapper, Path file) throws IOException {
    return mapper.readTree(Files.readString(file));
  }

  private static Set<String> labels(Scrape scrape, PromQl.Selector selector) {
    return scrape.labels().getOrDefault(selector.metric(), Set.of());
  }

  private static void assertExported(PromQl.Selector selector, Scrape scrape, String query) {
    if (isVariable(selector)) {
      return;
    }
    String metric = selector.metric();
    assertTrue(scrape.labels().containsKey(metric), () -> metric + " in " + query);
    selector
        .labels()
        .forEach(
            (label, matcher) ->
                assertTrue(
                    PROMETHEUS_LABELS.contains(label) || has(scrape, metric, label, matcher),
                    () -> label + matcher + " in " + query));
  }

  /** The argument of Grafana's {@code label_values}, and what Prometheus says of targets. */
  private static boolean isVariable(PromQl.Selector selector) {
    return selector.metric().equals(UP)
        || (PROMETHEUS_LABELS.contains(selector.metric()) && selector.labels().isEmpty());
  }

  private static boolean has(Scrape scrape, String metric, String label, String matcher) {
    String value = matcher.replaceFirst("^(=~|!~|!=|=)", "");
    assertFalse(matcher.contains("~"), "the test reads whole values only");
    return scrape.samples().stream()
        .anyMatch(each -> each.name().equals(metric) && value.equals(each.labels().get(label)));
  }

  @Test
  void whatPanelsAndAlertsShowOfLabelsIsThere() throws Exception {
    Pattern shown = Pattern.compile("\\{\\{ *(?:\\$labels\\.)?([a-z_]+) *}}");
    Set<String> known = new HashSet<>(PROMETHEUS_LABELS);
    scrape().labels().forEach((metric, labels) -> known.addAll(labels));
    for (Path file : List.of(DASHBOARD, RULES)) {
      List<String> names =
          shown
              .matcher(Files.readString(file))
              .results()
              .map((MatchResult each) -> each.group(1))
              .toList();
      assertTrue(names.size() > 10, file::toString);
      assertTrue(known.containsAll(names), () -> names + " in " + file);
    }
  }

  @Test
  void everyAlertSaysWhatToDo() throws Exception {
    List<String> documented =
        Pattern.compile("(?m)^\\| `(BmcGateway[A-Za-z]+)` \\| .+ \\| .+ \\|$")
            .matcher(Files.readString(Path.of("src/docs/operations.md")))
            .results()
            .map((MatchResult each) -> each.group(1))
            .toList();
    JsonNode rules = read(new YAMLMapper(), RULES);
    assertEquals(documented, rules.findValuesAsText("alert"));
    for (JsonNode rule : rules.at("/groups/0/rules")) {
      Set<String> fields = new TreeSet<>(Map.of("alert", 0, "expr", 0).keySet());
      assertTrue(rule.at("/labels/severity").asText().matches("critical|warning"), rule::toString);
      assertTrue(rule.at("/annotations/summary").asText().length() > 10, rule::toString);
      assertTrue(rule.path("for").asText("1m").matches("[0-9]+[ms]"), rule::toString);
      rule.fieldNames().forEachRemaining(fields::add);
      fields.removeAll(Set.of("alert", "expr", "for", "labels", "annotations"));
      assertEquals(Set.of(), fields);
    }
  }
}
