package io.github.bmcgateway.sim.asrockrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.RawConnection;
import io.github.bmcgateway.testing.Eventually;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.Test;

/**
 * Pages, REST interface and Redfish of the simulated board; its sockets have a test of their own.
 */
class AsrockrackSimulatorTest extends SimulatorFixture {

  private static final String BMC_IMAGE = "/api/maintenance/firmware";
  private static final String SYSTEM = "/redfish/v1/Systems/Self";

  private static String unzipped(byte[] gzip) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertNothingWrong() {
    assertEquals(List.of(), bmc.recorder().violations());
  }

  private void assertWrong(String start) {
    Eventually.holds(
        "a violation: " + start,
        () -> bmc.recorder().violations().stream().anyMatch(each -> each.startsWith(start)));
  }

  private String get(String target, String... lines) {
    String more = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
    return "GET %s HTTP/1.1\nHost: %s\n%s\n".formatted(target, bmc.ownAuthority(), more);
  }

  @Test
  void theStartPageComesCompressedWhateverIsAsked() throws Exception {
    start(AsrockrackSimulator.builder().tag("XYZ9876"));

    ContentResponse page =
        client.request("GET", "/").headers(headers -> headers.remove("Accept-Encoding")).send();

    assertEquals("gzip", page.getHeaders().get("Content-Encoding"));
    assertEquals("text/html", page.getHeaders().get("Content-Type"));
    assertEquals("lighttpd", page.getHeaders().get("Server"));
    assertTrue(page.getHeaders().get("Strict-Transport-Security").endsWith("preload"));
    String html = unzipped(page.getContent());
    assertTrue(html.contains("<title>MegaRAC SP-X</title>"));
    assertTrue(html.contains("<script data-main=\"/app/main\" src=\"/source.min.js\"></script>"));
    byte[] main = client.request("GET", "/app/main.js").send().getContent();
    assertTrue(unzipped(main).contains("unitTag = 'XYZ9876'"));
    assertNothingWrong();
  }

  @Test
  void picturesAreNotCompressedAndRangesAreIgnored() throws Exception {
    start(AsrockrackSimulator.builder());

    ContentResponse picture =
        client
            .request("GET", "/images/logo.png")
            .headers(headers -> headers.put("Range", "bytes=0-3"))
            .send();

    assertEquals(200, picture.getStatus());
    assertFalse(picture.getHeaders().contains("Content-Encoding"));
    assertEquals("bytes", picture.getHeaders().get("Accept-Ranges"));
    assertEquals((byte) 0x89, picture.getContent()[0]);
    assertTrue(picture.getContent().length > 4);
  }

  @Test
  void whatIsMissingIsTheStartPageThatDoesNotSayItIsCompressed() throws Exception {
    start(AsrockrackSimulator.builder());

    for (String path : List.of("/nothing", "/Java/jviewer.jnlp", "/kvm", "/app/../index.html")) {
      ContentResponse answer = client.request("GET", path).send();
      assertEquals(200, answer.getStatus(), path);
      assertFalse(answer.getHeaders().contains("Content-Encoding"), path);
      assertFalse(answer.getHeaders().contains("X-Frame-Options"), path);
      assertTrue(unzipped(answer.getContent()).contains("MegaRAC SP-X"), path);
    }
    assertEquals(404, client.request("DELETE", "/nothing").send().getStatus());
  }

  @Test
  void aFileThatTheClientHasIsNotSentAgain() throws Exception {
    start(AsrockrackSimulator.builder());
    String etag = client.request("HEAD", "/source.min.js").send().getHeaders().get("ETag");

    ContentResponse again =
        client
            .request("GET", "/source.min.js")
            .headers(headers -> headers.put("If-None-Match", etag))
            .send();

    assertEquals(304, again.getStatus());
    assertFalse(again.getHeaders().contains("Content-Encoding"));
    assertTrue(again.getHeaders().contains("X-Frame-Options"));
  }

  @Test
  void optionsAreAnsweredAsIfCompressed() throws Exception {
    start(AsrockrackSimulator.builder());

    ContentResponse answer = client.request("OPTIONS", "/").send();

    assertEquals(200, answer.getStatus());
    assertEquals("OPTIONS, GET, HEAD, POST", answer.getHeaders().get("Allow"));
    assertEquals("gzip", answer.getHeaders().get("Content-Encoding"));
    assertEquals("0", answer.getHeaders().get("Content-Length"));
  }

  @Test
  void aQueryOnTheRootIsNotFound() throws Exception {
    start(AsrockrackSimulator.builder());
    assertEquals(404, client.request("GET", "/?token=x").send().getStatus());
    assertWrong("A query on the root");

    start(AsrockrackSimulator.builder().without(Quirk.ROOT_QUERY_MISSING));
    assertEquals(200, client.request("GET", "/?token=x").send().getStatus());
  }

  @Test
  void aHeadOverEightKibibytesGetsAnAnswerWithoutReason() throws Exception {
    start(AsrockrackSimulator.builder());
    int empty = get("/", "X-Fill: ").replace("\n", "\r\n").length();
    String fits = exchange(get("/", "X-Fill: " + "x".repeat(8192 - empty)));
    assertTrue(fits.startsWith("HTTP/1.1 200 OK\r\n"));
    assertNothingWrong();

    String tooLarge = exchange(get("/", "X-Fill: " + "x".repeat(8193 - empty)));

    assertTrue(tooLarge.startsWith("HTTP/1.0 431 \r\nContent-Type: text/html\r\n"), tooLarge);
    assertTrue(tooLarge.contains("Content-Length: 327\r\n"));
    assertTrue(tooLarge.contains("Connection: close\r\n"));
    assertWrong("A head of more than 8192 bytes");

    start(AsrockrackSimulator.builder().without(Quirk.HEAD_BUDGET));
    assertTrue(exchange(get("/", "X-Fill: " + "x".repeat(9000))).startsWith("HTTP/1.1 200"));
  }

  @Test
  void badHostsAreRefused() throws Exception {
    start(AsrockrackSimulator.builder());

    assertTrue(exchange("GET / HTTP/1.1\n\n").startsWith("HTTP/1.1 400 Bad Request"));
    assertTrue(exchange("GET / HTTP/1.1\nHost: srv_1.example.com\n\n").startsWith("HTTP/1.1 400"));
    String other = exchange("GET / HTTP/1.1\nHost: other.example.com\n\n");
    assertTrue(other.startsWith("HTTP/1.1 200"));
    assertWrong("Host isn't the unit's own: [other.example.com]");

    start(AsrockrackSimulator.builder().without(Quirk.STRICT_HOST, Quirk.OWN_HOST));
    assertTrue(exchange("GET / HTTP/1.1\nHost: srv_1.example.com\n\n").startsWith("HTTP/1.1 200"));
    assertNothingWrong();
  }

  @Test
  void aPostNeedsALengthAndNoExpectation() throws Exception {
    start(AsrockrackSimulator.builder());
    String post = "POST /api/session HTTP/1.1\nHost: " + bmc.ownAuthority() + "\n";

    assertTrue(exchange(post + "\n").startsWith("HTTP/1.1 411 Length Required"));
    String expecting = post + "Content-Length: 3\nExpect: 100-continue\n\n";
    assertTrue(exchange(expecting).startsWith("HTTP/1.1 417"));
    assertWrong("Forbidden header Expect");

    start(AsrockrackSimulator.builder().without(Quirk.REFUSES_EXPECT));
    assertTrue(exchange(get("/", "Expect: 100-continue")).startsWith("HTTP/1.1 200"));
  }

  @Test
  void aChunkedBodyIsRefusedAndRecorded() throws Exception {
    String chunked =
        "POST /api/session HTTP/1.1\nHost: %s\nTransfer-Encoding: chunked\n"
            + "Content-Type: application/x-www-form-urlencoded\n\n"
            + "9\nusername=\n1c\nadmin&password=Sim-ulated1&x\n0\n\n";
    start(AsrockrackSimulator.builder());

    String refused = exchange(chunked.formatted(bmc.ownAuthority()));

    assertTrue(refused.startsWith("HTTP/1.1 411"));
    assertWrong("The body is chunked");

    start(AsrockrackSimulator.builder().without(Quirk.REFUSES_CHUNKED));
    String taken = exchange(chunked.formatted(bmc.ownAuthority()));
    assertTrue(taken.startsWith("HTTP/1.1 200"), taken);
  }

  @Test
  void loginTakesAFormOnly() throws Exception {
    start(AsrockrackSimulator.builder());

    ContentResponse right = login(bmc.user(), bmc.password()).send();

    assertEquals(200, right.getStatus());
    assertTrue(right.getContentAsString().startsWith("{ \"ok\": 0, \"privilege\": 4, "));
    assertTrue(right.getContentAsString().endsWith(" }"));
    assertEquals("chunked", right.getHeaders().get("Transfer-Encoding"));
    assertTrue(
        right
            .getHeaders()
            .get("Set-Cookie")
            .matches("QSESSIONID=[A-Za-z0-9]{30}; path=/; secure;HttpOnly"));
    ContentResponse wrong = login(bmc.user(), "wrong").send();
    assertEquals(401, wrong.getStatus());
    assertEquals("{ \"error\": \"Could not login\", \"code\": 15000 }", wrong.getContentAsString());
    Request json = client.request("POST", "/api/session");
    json.body(new StringRequestContent("application/json", "{}"));
    assertEquals(403, json.send().getStatus());
    assertNothingWrong();
  }

  @Test
  void cookiesOverrideTheLoginForm() throws Exception {
    start(AsrockrackSimulator.builder());
    Request disturbed = login(bmc.user(), bmc.password());
    disturbed.headers(headers -> headers.put("Cookie", "username=somebody"));

    assertEquals(401, disturbed.send().getStatus());
    assertWrong("Foreign cookie username");

    start(
        AsrockrackSimulator.builder()
            .without(Quirk.COOKIES_OVERRIDE_FORM, Quirk.ONLY_SESSION_COOKIE));
    Request same = login(bmc.user(), bmc.password());
    same.headers(headers -> headers.put("Cookie", "username=somebody"));
    assertEquals(200, same.send().getStatus());
    assertNothingWrong();
  }

  @Test
  void theSessionPoolFillsUpAndALogoutMakesRoom() throws Exception {
    start(AsrockrackSimulator.builder().sessionPool(2));
    credentials();
    Map<String, String> second = credentials();

    ContentResponse full = login(bmc.user(), bmc.password()).send();

    assertEquals(401, full.getStatus());
    assertTrue(full.getContentAsString().contains("Maximum number of sessions already in use"));
    assertEquals(200, as(second, "DELETE", "/api/session").send().getStatus());
    assertEquals(1, bmc.sessionsInUse());
    credentials();
  }

  @Test
  void theApiNeedsCookieAndToken() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    String path = "/api/chassis-status";

    assertEquals(401, client.request("GET", path).send().getStatus());
    assertEquals(
        401, as(Map.of("Cookie", credentials.get("Cookie")), "GET", path).send().getStatus());
    ContentResponse right = as(credentials, "GET", path).send();
    assertEquals("{ \"power_status\": 1, \"led_status\": 0 }", right.getContentAsString());
    ContentResponse firmware = as(credentials, "GET", "/api/asrr/fw-info").send();
    assertTrue(firmware.getContentAsString().contains("\"CPLD_version\": \"N\\/A\""));
    assertEquals(404, as(credentials, "GET", "/api/nothing").send().getStatus());
    assertNothingWrong();
  }

  @Test
  void theFirstCookieThatHoldsTheNameIsTheSession() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    String token = "X-CSRFTOKEN: " + credentials.get("X-CSRFTOKEN");
    String cookie = "Cookie: " + credentials.get("Cookie");

    assertTrue(exchange(get("/api/fru", token, cookie)).startsWith("HTTP/1.1 200"));
    String copied = "Cookie: other_QSESSIONID=x; " + credentials.get("Cookie");
    assertTrue(exchange(get("/api/fru", token, copied)).startsWith("HTTP/1.1 401"));
    String[] apart = {token, "Cookie: lang=en", cookie};
    assertTrue(exchange(get("/api/fru", apart)).startsWith("HTTP/1.1 401"));
    assertWrong("The cookies are spread over several lines");

    start(AsrockrackSimulator.builder().without(Quirk.COOKIE_LINES_APART));
    Map<String, String> more = credentials();
    String[] again = {
      "X-CSRFTOKEN: " + more.get("X-CSRFTOKEN"), "Cookie: lang=en", "Cookie: " + more.get("Cookie")
    };
    assertTrue(exchange(get("/api/fru", again)).startsWith("HTTP/1.1 200"));
  }

  @Test
  void whatAGatewayMayNotSendIsRecorded() throws Exception {
    start(AsrockrackSimulator.builder());

    exchange(get("/", "Cookie: __Host-pm-session=abc"));
    exchange(get("/", "X-Forwarded-For: 192.0.2.1"));
    exchange(get("/", "X-Server-Addr: 192.0.2.1"));
    exchange("GET / HTTP/1.1\nhost: " + bmc.ownAuthority() + "\n\n");

    assertWrong("The gateway's session cookie is in header Cookie");
    assertWrong("Foreign cookie __Host-pm-session");
    assertWrong("Forbidden header X-Forwarded-For");
    assertWrong("Forbidden header X-Server-Addr");
    assertWrong("Header name in lower case: host");
  }

  @Test
  void tooManyConnectionsAreRecordedAndAHundredAndThirtyLockTheAddressOut() throws Exception {
    start(AsrockrackSimulator.builder().maxConnections(5).banAt(10));
    for (int i = 0; i < 9; i++) {
      raw().send("GET / HTTP/1.1\n");
    }
    Eventually.holds("nine connections", () -> bmc.openConnections() == 9);
    assertWrong("6 connections at a time");
    assertFalse(bmc.isBanned("127.0.0.1"));

    assertTrue(isDropped());

    assertTrue(bmc.isBanned("127.0.0.1"));
    assertWrong("The address is locked out for too many connections");
    Eventually.holds("no connection is left", () -> bmc.openConnections() == 0);
    assertTrue(isDropped());
  }

  private boolean isDropped() throws IOException {
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(get("/"));
      return raw.isClosedByPeer();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void idleConnectionsAreClosed() throws Exception {
    start(AsrockrackSimulator.builder().idle(Duration.ofSeconds(1)));
    RawConnection raw = raw();
    raw.send(get("/"));
    raw.receive();

    Eventually.holds("the connection is closed", () -> bmc.openConnections() == 0);
  }

  @Test
  void firmwareIsFlashedStepByStep() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    byte[] image = new byte[300_000];
    new Random(3).nextBytes(image);
    String base = BMC_IMAGE;

    assertEquals(400, upload(credentials, BMC_IMAGE, image).getStatus());
    assertEquals(200, as(credentials, "PUT", "/api/maintenance/flash").send().getStatus());
    ContentResponse locked = login(bmc.user(), bmc.password()).send();
    assertEquals(401, locked.getStatus());
    assertEquals(17000, json(locked).get("code").asInt());
    assertEquals(403, as(credentials, "GET", "/api/sensors").send().getStatus());
    assertEquals("{ \"cc\": 0 }", upload(credentials, BMC_IMAGE, image).getContentAsString());
    assertEquals(
        new AsrockrackSimulator.Upload(300_000, sha256(image)), bmc.firmware().orElseThrow());
    assertEquals(200, as(credentials, "GET", base + "/verification").send().getStatus());
    Request upgrade = as(credentials, "PUT", base + "/upgrade");
    upgrade.body(new StringRequestContent("application/json", "{\"flash_status\":1}"));
    assertEquals(200, upgrade.send().getStatus());
    String progress = as(credentials, "GET", base + "/flash-progress").send().getContentAsString();
    assertEquals(
        "{ \"id\": 1, \"action\": \"Flashing...\", \"progress\": \"34% done         \","
            + " \"state\": 0 }",
        progress);
    assertEquals(68, percent(credentials));
    assertEquals(2, json(as(credentials, "GET", base + "/flash-progress")).get("state").asInt());
    assertEquals(200, as(credentials, "POST", "/api/maintenance/reset").send().getStatus());
    assertEquals(0, bmc.sessionsInUse());
    credentials();
    assertNothingWrong();
  }

  private int percent(Map<String, String> credentials) throws Exception {
    String path = "/api/maintenance/firmware/flash-progress";
    String progress = json(as(credentials, "GET", path)).get("progress").asText();
    return Integer.parseInt(progress.split("%")[0]);
  }

  private ContentResponse upload(Map<String, String> credentials, String path, byte[] image)
      throws Exception {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(
        ascii(
            "--xyz\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na\r\n--xy\r\n"
                + "--xyz\r\nContent-Disposition: form-data; name=\"fwimage\"; filename=\"a\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n"));
    form.writeBytes(image);
    form.writeBytes(ascii("\r\n--xyz--\r\n"));
    String type = "multipart/form-data; boundary=xyz";
    return as(credentials, "POST", path)
        .body(new BytesRequestContent(type, form.toByteArray()))
        .send();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aBiosIsFlashedInTheSameWay() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    String base = "/api/asrr/maintenance/BIOS";

    assertEquals(200, upload(credentials, base + "/firmware", new byte[1000]).getStatus());
    Request configure = as(credentials, "POST", base + "/configuration");
    configure.body(new StringRequestContent("application/json", "{\"action\":\"2\"}"));
    assertEquals("{ \"response\": 1 }", configure.send().getContentAsString());
    Request upgrade = as(credentials, "POST", base + "/upgrade");
    upgrade.body(new StringRequestContent("application/json", "{\"action\":3}"));
    assertEquals(200, upgrade.send().getStatus());
    JsonNode progress = json(as(credentials, "GET", base + "/flash-progress"));
    assertEquals("Flashing...", progress.get("action").asText());
  }

  @Test
  void aLogoutDuringTheFlashIsRecorded() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    as(credentials, "PUT", "/api/maintenance/flash").send();

    as(credentials, "DELETE", "/api/session").send();

    assertWrong("A session was logged out while firmware is being flashed");
  }

  @Test
  void anUploadThatIsTooLargeIsRefused() throws Exception {
    start(AsrockrackSimulator.builder().maxUploadBytes(1000));
    Map<String, String> credentials = credentials();
    as(credentials, "PUT", "/api/maintenance/flash").send();

    ContentResponse answer = upload(credentials, BMC_IMAGE, new byte[2000]);

    assertEquals(413, answer.getStatus());
    assertEquals("{ \"cc\": 6 }", answer.getContentAsString());
  }

  @Test
  void usersAreChangedWithPut() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    Request change = as(credentials, "PUT", "/api/settings/users/3");
    change.body(new StringRequestContent("application/json", "{\"id\":3,\"name\":\"ops\"}"));

    assertEquals(200, change.send().getStatus());

    assertEquals("ops", json(as(credentials, "GET", "/api/settings/users")).at("/2/name").asText());
  }

  private Map<String, String> redfishSession() throws Exception {
    Request login = client.request("POST", "/redfish/v1/SessionService/Sessions");
    login.body(
        new StringRequestContent(
            "application/json",
            "{\"UserName\":\"%s\",\"Password\":\"%s\"}".formatted(bmc.user(), bmc.password())));
    ContentResponse answer = login.send();
    assertEquals(201, answer.getStatus());
    assertTrue(answer.getHeaders().get("Location").startsWith("/redfish/v1/SessionService/"));
    return Map.of("X-Auth-Token", answer.getHeaders().get("X-Auth-Token"));
  }

  @Test
  void redfishTakesSessionsAndChanges() throws Exception {
    start(AsrockrackSimulator.builder());
    assertEquals("AMI", json(client.request("GET", "/redfish/v1/")).get("Vendor").asText());
    assertEquals(401, client.request("GET", SYSTEM).send().getStatus());
    Map<String, String> session = redfishSession();
    Request patch = as(session, "PATCH", SYSTEM);
    patch.body(new StringRequestContent("application/json", "{\"AssetTag\":\"rack 7\"}"));

    assertEquals(204, patch.send().getStatus());

    assertEquals("rack 7", json(as(session, "GET", SYSTEM)).get("AssetTag").asText());
    String sessions = "/redfish/v1/SessionService/Sessions";
    String own = json(as(session, "GET", sessions)).at("/Members/0/@odata.id").asText();
    assertEquals(204, as(session, "DELETE", own).send().getStatus());
    assertEquals(401, as(session, "GET", SYSTEM).send().getStatus());
    assertNothingWrong();
  }

  @Test
  void aRedfishRequestThatIsGivenUpEndsTheSession() throws Exception {
    start(AsrockrackSimulator.builder().redfishDelay(Duration.ofSeconds(1)));
    Map<String, String> session = redfishSession();
    giveUp(session);
    assertWrong("A Redfish request was given up");
    assertEquals(401, as(session, "GET", SYSTEM).send().getStatus());

    start(
        AsrockrackSimulator.builder()
            .redfishDelay(Duration.ofSeconds(1))
            .without(Quirk.ABORT_ENDS_REDFISH_SESSION));
    Map<String, String> other = redfishSession();
    giveUp(other);
    assertWrong("A Redfish request was given up");
    assertEquals(200, as(other, "GET", SYSTEM).send().getStatus());
  }

  private void giveUp(Map<String, String> session) throws Exception {
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(get(SYSTEM, "X-Auth-Token: " + session.get("X-Auth-Token")));
      bmc.recorder().awaitRequest(request -> request.path().equals(SYSTEM));
    }
  }

  @Test
  void aBurstLocksRedfish() throws Exception {
    start(AsrockrackSimulator.builder());
    for (int i = 0; i < 40; i++) {
      assertEquals(200, client.request("GET", "/redfish/v1/").send().getStatus());
    }

    ContentResponse locked = client.request("GET", "/redfish/v1/").send();

    assertEquals(403, locked.getStatus());
    assertEquals("text/html", locked.getMediaType());
    assertEquals(200, client.request("GET", "/").send().getStatus());

    start(AsrockrackSimulator.builder().without(Quirk.REDFISH_BURST));
    for (int i = 0; i < 45; i++) {
      assertEquals(200, client.request("GET", "/redfish/v1/").send().getStatus());
    }
  }
}
