package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets in every place of a whole run of the Jetty base: none is in anything that it wrote, with
 * the log levels that it is shipped with.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CanaryIT {
  private static final String WEAK_KEY = "canary-of-a-weak-key";
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";

  private final Canaries canaries = new Canaries();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Idrac8Simulator idrac8;
  private Idrac9Simulator idrac9;
  private Ilo5Simulator ilo5;
  private AsrockrackSimulator asrockrack;
  private ScriptedBmc hostile;
  private ServerSocket withoutTls;
  private ReservedPort closed;
  private Path config;
  private Path written;
  private Path spool;
  private JettyBase base;
  private CanaryTraffic traffic;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    config = Files.createDirectory(folder.resolve("config"));
    written = Files.createDirectory(folder.resolve("written"));
    Path temp = Files.createDirectory(written.resolve("temp"));
    spool = Files.createDirectory(written.resolve("spool"));
    idrac8 = opened(Idrac8Simulator.builder().start());
    idrac9 = opened(Idrac9Simulator.builder().start());
    ilo5 = opened(Ilo5Simulator.builder().start());
    asrockrack = opened(AsrockrackSimulator.builder().start());
    canaries.plant("request");
    canaries.plant("answer");
    canaries.plant("refused");
    canaries.plant("query");
    canaries.add("weak key", WEAK_KEY);
    canaries.add("token key", Tokens.KEY);
    canaries.add("admin key", ConsoleEnds.ADMIN_KEY);
    hostile = opened(ScriptedBmc.start(this::answerBadly));
    withoutTls = opened(new ServerSocket(0));
    Thread plain = new Thread(this::answerWithoutTls, "no TLS");
    plain.setDaemon(true);
    plain.start();
    closed = opened(new ReservedPort());
    writeSettings("");
    base =
        opened(
            JettyBase.unpack(
                Files.createDirectory(written.resolve("base")),
                Map.of(
                    "BMC_GATEWAY_CONFIG",
                    config.toString(),
                    "JWT_KEY",
                    Tokens.KEY,
                    "ADMIN_KEY",
                    ConsoleEnds.ADMIN_KEY,
                    "JAVA_OPTIONS",
                    "-Djava.io.tmpdir=" + temp)));
    base.start();
    traffic = new CanaryTraffic(base.browser(), canaries);
  }

  @AfterAll
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T each) {
    opened.add(each);
    return each;
  }

  private void writeSettings(String more) throws IOException {
    Files.writeString(
        config.resolve("gateway.yaml"),
        "bmc:\n  networks: 127.0.0.0/8\n  ports: %s\nproxy: {spoolDir: %s}\n%s"
            .formatted(
                List.of(
                    idrac8.port(),
                    idrac9.port(),
                    ilo5.port(),
                    asrockrack.port(),
                    hostile.port(),
                    withoutTls.getLocalPort(),
                    closed.port()),
                spool,
                more));
  }

  /** Answers that can't be read, each with a secret where a parser stops. */
  private void answerBadly(Exchange exchange) throws IOException {
    String secret = canaries.get("answer");
    String begin = "HTTP/1.1 200 OK\r\nSet-Cookie: s=" + secret + "\r\n";
    switch (exchange.requestLine().split(" ")[1].split("\\?")[0]) {
      case "/status" -> exchange.say("HTTP/1.1 " + secret + " " + secret + "\r\n\r\n");
      case "/version" -> exchange.say(secret + "/1.1 200 OK\r\n\r\n");
      case "/header" -> exchange.say(begin + secret + "\r\n: " + secret + "\r\n\r\n");
      case "/lengths" ->
          exchange.say(begin + "Content-Length: 5\r\nContent-Length: " + secret + "\r\n\r\n");
      case "/chunks" ->
          exchange.say(begin + "Transfer-Encoding: chunked\r\n\r\n" + secret + "\r\n");
      case "/coding" -> exchange.say(begin + "Transfer-Encoding: " + secret + "\r\n\r\n");
      case "/cut" -> exchange.say(begin + "Content-Length: 999\r\n\r\n" + secret);
      case "/restgui/start.html" ->
          exchange.ok(
              "Content-Type: text/html\r\nContent-Encoding: gzip\r\nX-Planted: " + secret + "\r\n",
              secret);
      case "/socket" ->
          exchange.say(
              "HTTP/1.1 101 "
                  + secret
                  + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Accept: "
                  + secret
                  + "\r\n\r\n"
                  + secret);
      default -> exchange.ok("Location: https://x.example/?" + secret + "\r\n", secret);
    }
    throw new IOException("said");
  }

  private void answerWithoutTls() {
    while (!withoutTls.isClosed()) {
      try (Socket socket = withoutTls.accept()) {
        String text = "HTTP/1.1 400 " + canaries.get("answer") + "\r\n\r\n";
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException over) {
        // By the gateway, or by the end of the test.
      }
    }
  }

  @Test
  void theVendorsBmcs() throws Exception {
    String cookie = traffic.session("iDRAC8's token", idrac8.port(), "idrac8");
    logIn("idrac8", cookie, "POST /data/login", FORM, "user=%s&password=%s", idrac8.password());
    cookie = traffic.session("iDRAC9's token", idrac9.port(), "idrac9");
    String headers = "user: \"root\"\r\npassword: \"" + idrac9.password() + "\"\r\n";
    String answer = logIn("idrac9", cookie, "POST /sysmgmt/2015/bmc/session", headers, "", "");
    canaries.add("idrac9 password", idrac9.password());
    openConsole(CanaryTraffic.with(cookie, answer));
    cookie = traffic.session("iLO's token", ilo5.port(), "ilo5");
    String json = "{\"method\":\"login\",\"user_login\":\"%s\",\"password\":\"%s\"}";
    logIn("ilo5", cookie, "POST /json/login_session", JSON, json, ilo5.password());
    cookie = traffic.session("ASRock's token", asrockrack.port(), "asrockrack");
    String form = "username=%s&password=%s&certlogin=0";
    headers = FORM + "X-CSRFTOKEN: null\r\n";
    logIn("asrockrack", cookie, "POST /api/session", headers, form, asrockrack.password());
  }

  /** As a BMC's own page does; then secrets wherever a request holds one. */
  private String logIn(
      String vendor, String cookie, String line, String headers, String body, String password)
      throws IOException {
    canaries.add(vendor + " password", password);
    String user =
        switch (vendor) {
          case "idrac8" -> idrac8.user();
          case "ilo5" -> ilo5.user();
          default -> asrockrack.user();
        };
    String filled = body.isEmpty() ? "" : body.formatted(user, password);
    String answer = traffic.exchange(line, cookie + "\r\n" + headers, filled);
    canaries.addIssuedIn(vendor, answer);
    assertTrue(answer.startsWith("HTTP/1.1 20"), answer);
    traffic.exchange(line, cookie + "\r\n" + headers, filled.replace(password, "wrong"));
    traffic.everywhere(CanaryTraffic.with(cookie, answer));
    return answer;
  }

  private void openConsole(String cookies) throws Exception {
    String token = canaries.get("idrac9 XSRF-TOKEN");
    String ticket =
        traffic.exchange(
            "GET /sysmgmt/2015/server/vconsole", cookies + "\r\nXSRF-TOKEN: " + token + "\r\n", "");
    canaries.addIssuedIn("idrac9", ticket);
    Console console = Console.open(base.browser(), cookies.substring("Cookie: ".length()), ticket);
    console.receive();
    console.answerChallenge();
    console.receive();
    console.socket().sendClose(4007, canaries.get("request")).join();
    console.awaitClose();
  }

  @Test
  void badTokens() throws Exception {
    String secret = canaries.get("refused").replace('+', '-').replace('/', '_');
    canaries.add("bad token", secret);
    String good = Tokens.mint(idrac8.port(), "idrac8");
    String expired = Tokens.mint(idrac8.port(), -60, claims -> {});
    String forged = good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(43);
    canaries.add("expired token", expired);
    canaries.add("forged token", forged);
    for (String token : List.of(secret, expired, forged)) {
      traffic.own(401, "GET /gpsession?token=" + token, "", "");
      traffic.own(401, "POST /gpsession", FORM, "token=" + token);
      traffic.own(401, "GET /planted?q=" + token, "Cookie: pm-session=" + token + "\r\n", "");
    }
    traffic.own(401, "GET /.gateway/session", "Cookie: pm-session=" + secret + "\r\n", "");
  }

  @Test
  void theGatewaysOwnPages() throws Exception {
    String cookie = traffic.session("own pages' token", idrac8.port(), "idrac8") + "\r\n";
    String secret = canaries.get("request");
    for (String path : List.of("/.gateway/", "/.gateway/session", "/.gateway/health")) {
      traffic.own(200, "GET " + path + "?q=" + canaries.get("query"), cookie, "");
    }
    traffic.own(404, "GET /.gateway/none", cookie + "X-Planted: " + secret + "\r\n", "");
    traffic.own(
        401,
        "POST /.gateway/admin/revocations",
        JSON + "Authorization: Bearer " + canaries.get("refused") + "\r\n",
        "{\"sub\":\"nobody\"}");
    String metrics = traffic.exchange("GET /.gateway/metrics", cookie, "");
    traffic.ownAnswers().put("metrics", metrics);
    String revoked =
        traffic.exchange(
            "POST /.gateway/admin/revocations",
            JSON + "Authorization: Bearer " + ConsoleEnds.ADMIN_KEY + "\r\n",
            "{\"sub\":\"nobody\",\"until\":\"2026-01-01T00:00:00Z\"}");
    traffic.ownAnswers().put("revocation", revoked);
  }

  @Test
  void requestsThatAreNone() throws Exception {
    String secret = canaries.get("refused");
    String host = "Host: localhost\r\nConnection: close\r\n";
    for (String bytes :
        List.of(
            "GET /?q=" + secret + " HTTP/9.9\r\n" + host + "\r\n",
            "GET /?q=" + secret + "\\ HTTP/1.1\r\n" + host + secret + "\r\n\r\n",
            "GET / HTTP/1.1\r\n" + host + secret + ": a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: " + secret + "\r\nConnection: close\r\n\r\n",
            secret + " / HTTP/1.1\r\n" + host + "\r\n",
            "POST / HTTP/1.1\r\n" + host + "Content-Length: " + secret + "\r\n\r\n",
            "GET / HTTP/1.1\r\n" + host + "Cookie: " + secret.repeat(900) + "\r\n\r\n",
            "GET /%zz?" + secret + " HTTP/1.1\r\n" + host + "\r\n")) {
      traffic.malformed(bytes);
    }
  }

  @Test
  void bmcsThatAreDownOrHostile() throws Exception {
    String query = "?q=" + canaries.get("request");
    String down = traffic.session("token of a BMC that is down", closed.port(), "generic") + "\r\n";
    traffic.own(502, "GET /" + query, down, "");
    traffic.upgrade("/" + query, down);
    String plain =
        traffic.session("token of a BMC without TLS", withoutTls.getLocalPort(), "generic")
            + "\r\n";
    traffic.own(502, "GET /" + query, plain, "");
    traffic.upgrade("/" + query, plain);
    String bad = traffic.session("token of a hostile BMC", hostile.port(), "idrac9") + "\r\n";
    for (String path : List.of("/status", "/version", "/header", "/lengths", "/coding")) {
      traffic.own(502, "GET " + path + query, bad, "");
    }
    for (String path : List.of("/chunks", "/cut", "/restgui/start.html", "/else")) {
      traffic.exchange("GET " + path + query, bad, "");
    }
    traffic.upgrade("/socket" + query, bad);
    traffic.upgrade("/vnc/vconsole" + query, bad);
  }

  @Test
  void refusedSettings() throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("JETTY_HOME", Dist.jettyHome().toString());
    environment.put("JWT_KEY", WEAK_KEY);
    String java = System.getProperty("java.home") + "/bin/java";
    String war = Dist.war().toString();
    try (ServerProcess start =
            ServerProcess.start(base.folder(), environment, List.of("bin/bmc-gateway"));
        ServerProcess token =
            ServerProcess.start(
                base.folder(), environment, List.of(java, "-jar", war, "token", "--ip", "::1"))) {
      assertEquals(2, start.awaitExit(Duration.ofSeconds(60)), start::output);
      assertTrue(token.awaitExit(Duration.ofSeconds(60)) > 0, token::output);
      assertTrue(start.output().contains("token.key"), start::output);
    }
    writeSettings("admin: {key: " + WEAK_KEY + "}\nunknown: {" + WEAK_KEY.length() + ": a}\n");
    base.process()
        .await("refusal", () -> base.process().output().contains("the old ones stay in force"));
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void noneOfThemIsInAnythingThatWasWritten() throws Exception {
    assertTrue(canaries.names().containsAll(expected()), () -> "" + canaries.names());
    Eventually.holds("spooled bodies are gone", () -> files(spool).isEmpty());
    base.process().terminate();
    base.process().awaitExit(Duration.ofSeconds(15));

    Map<String, List<String>> found = new HashMap<>();
    traffic.ownAnswers().forEach((asked, answer) -> found.put(asked, canaries.in(answer)));
    for (Path file : files(written)) {
      found.put(file.toString(), canaries.in(Files.readString(file, StandardCharsets.ISO_8859_1)));
    }
    found.values().removeIf(List::isEmpty);

    assertEquals(Map.of(), found);
    assertTrue(logs().size() >= 5, () -> "" + logs());
  }

  private static List<String> expected() {
    return List.of(
        "idrac8 ST1",
        "idrac8 ST2",
        "idrac8 -http-session-",
        "idrac9 -http-session-",
        "idrac9 XSRF-TOKEN",
        "idrac9 VCSID",
        "idrac9 VCSID2",
        "ilo5 sessionKey",
        "ilo5 session_key",
        "asrockrack QSESSIONID",
        "asrockrack CSRFToken");
  }

  /** Logs with something in them: the audit, the server's of requests, and those of processes. */
  private List<Path> logs() {
    return files(written).stream()
        .filter(file -> file.toString().matches(".*\\.(log|jsonl)") && file.toFile().length() > 0)
        .toList();
  }

  /** All files but the program's own. */
  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().matches(".*\\.(jar|war|class)"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
