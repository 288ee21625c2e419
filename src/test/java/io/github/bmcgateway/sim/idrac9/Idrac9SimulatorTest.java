package io.github.bmcgateway.sim.idrac9;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.RawConnection;
import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.RecordedSocket;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Idrac9SimulatorTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SESSION = "/sysmgmt/2015/bmc/session";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private Idrac9Simulator bmc;
  private BmcClient client;

  private void start(Idrac9Simulator.Builder builder) throws Exception {
    bmc = builder.start();
    opened.add(bmc);
    client = new BmcClient(bmc.ownAuthority());
    opened.add(client);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private Request login(String user, String password) {
    return client
        .request("POST", SESSION)
        .headers(headers -> headers.put("user", user).put("password", password));
  }

  private Map<String, String> credentials() throws Exception {
    ContentResponse answer = login("\"root\"", "\"" + bmc.password() + "\"").send();
    assertEquals(201, answer.getStatus());
    return Map.of(
        "Cookie",
        answer.getHeaders().get("Set-Cookie").split(";")[0],
        "XSRF-TOKEN",
        answer.getHeaders().get("XSRF-TOKEN"));
  }

  private Request as(Map<String, String> credentials, String method, String target) {
    return client.request(method, target).headers(headers -> credentials.forEach(headers::put));
  }

  private JsonNode json(Request request) throws Exception {
    return JSON.readTree(request.send().getContent());
  }

  private static String unzipped(ContentResponse answer) throws Exception {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.getContent()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theRootLeadsToTheLoginPage() throws Exception {
    start(Idrac9Simulator.builder());

    ContentResponse answer = client.request("GET", "/").send();

    assertEquals(302, answer.getStatus());
    assertEquals("/restgui/start.html", answer.getHeaders().get("Location"));
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void absoluteLocationsNameTheUnitsOwnAuthority() throws Exception {
    start(Idrac9Simulator.builder().absoluteLocations());

    assertEquals(
        "https://" + bmc.ownAuthority() + "/restgui/start.html",
        client.request("GET", "/").send().getHeaders().get("Location"));
  }

  @Test
  void anUnknownHostIsRefusedWithHtmlByTheGuiAndWithJsonByRedfish() throws Exception {
    start(Idrac9Simulator.builder());
    BmcClient byName = new BmcClient("localhost:" + bmc.port());
    opened.add(byName);

    ContentResponse gui = byName.request("GET", "/restgui/start.html").send();
    ContentResponse redfish = byName.request("GET", "/redfish/v1").send();

    assertEquals(400, gui.getStatus());
    assertEquals("text/html", gui.getMediaType());
    assertEquals(400, redfish.getStatus());
    assertEquals(
        "Base.1.8.QueryNotSupported",
        JSON.readTree(redfish.getContent())
            .at("/error/@Message.ExtendedInfo/0/MessageId")
            .asText());
    assertEquals(400, byName.refusal("/vnc/vconsole?vck=123456789012345678901234"));
  }

  @Test
  void staticFilesExistOnlyCompressed() throws Exception {
    start(Idrac9Simulator.builder().tag("XYZ9876"));

    ContentResponse compressed = client.request("GET", "/restgui/start.html").send();
    ContentResponse plain =
        client
            .request("GET", "/restgui/start.html")
            .headers(headers -> headers.remove("Accept-Encoding"))
            .send();

    assertEquals("gzip", compressed.getHeaders().get("Content-Encoding"));
    assertTrue(unzipped(compressed).contains("Simulated unit XYZ9876"));
    assertEquals(404, plain.getStatus());
    assertEquals(403, client.request("GET", "/restgui/").send().getStatus());
    assertEquals(404, client.request("GET", "/restgui/vconsole").send().getStatus());
    assertEquals(404, client.request("GET", "/restgui/../glyphs.txt").send().getStatus());
  }

  @Test
  void aFileThatTheClientHasIsNotSentAgain() throws Exception {
    start(Idrac9Simulator.builder());
    String etag = client.request("GET", "/restgui/js/unit.js").send().getHeaders().get("ETag");

    ContentResponse again =
        client
            .request("GET", "/restgui/js/unit.js")
            .headers(headers -> headers.put("If-None-Match", etag))
            .send();

    assertEquals(304, again.getStatus());
  }

  @Test
  void theGuiCarriesItsSecurityHeaders() throws Exception {
    start(Idrac9Simulator.builder());

    var headers = client.request("GET", "/restgui/start.html").send().getHeaders();

    assertEquals("Apache", headers.get("Server"));
    assertEquals("SAMEORIGIN", headers.get("X-Frame-Options"));
    assertEquals("nosniff", headers.get("X-Content-Type-Options"));
    assertTrue(headers.get("Strict-Transport-Security").endsWith("preload"));
    assertTrue(headers.get("Content-Security-Policy").contains("connect-src 'self' wss:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X-Forwarded-For", "X-Forwarded-Proto", "Via", "Forwarded", "X-Real-IP", "X-Host"})
  void forwardingHeadersAreRefusedAndRecorded(String name) throws Exception {
    start(Idrac9Simulator.builder());

    ContentResponse answer =
        client.request("GET", "/").headers(headers -> headers.put(name, "x")).send();

    assertEquals(400, answer.getStatus());
    assertEquals("Unacceptable header specified in request", answer.getContentAsString());
    assertEquals(List.of("Forbidden header " + name + " (GET /)"), bmc.recorder().violations());
  }

  @Test
  void aLenientUnitTakesForwardingHeadersButTheyAreRecorded() throws Exception {
    start(Idrac9Simulator.builder().lenientHeaders());

    ContentResponse answer =
        client.request("GET", "/").headers(headers -> headers.put("Via", "1.1 x")).send();

    assertEquals(302, answer.getStatus());
    assertEquals(1, bmc.recorder().violations().size());
  }

  @Test
  void aChunkedBodyIsRefusedAndRecorded() throws Exception {
    start(Idrac9Simulator.builder());
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(
          "POST %s HTTP/1.1\nHost: %s\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n"
              .formatted(SESSION, bmc.ownAuthority()));

      assertTrue(raw.receive().startsWith("HTTP/1.1 411"));
    }
    assertEquals(
        List.of("The body is chunked (POST " + SESSION + ")"), bmc.recorder().violations());
  }

  @Test
  void loginNeedsQuotedCredentials() throws Exception {
    start(Idrac9Simulator.builder());

    assertEquals(401, login("root", bmc.password()).send().getStatus());
    assertEquals(401, login("'root'", "'" + bmc.password() + "'").send().getStatus());
    assertEquals(401, login("\"root\"", "\"wrong\"").send().getStatus());

    ContentResponse right = login("\"root\"", "\"" + bmc.password() + "\"").send();
    assertEquals(201, right.getStatus());
    assertEquals(0, JSON.readTree(right.getContent()).get("authResult").asInt());
    assertTrue(right.getHeaders().get("XSRF-TOKEN").matches("[0-9a-f]{32}"));
    assertTrue(
        right
            .getHeaders()
            .get("Set-Cookie")
            .matches("-http-session-=1::http.session::[0-9a-f]{32}; Path=/; Secure; HttpOnly"));
  }

  @Test
  void aFailedLoginMayComeAsASuccess() throws Exception {
    start(Idrac9Simulator.builder().failedLoginSucceeds());

    ContentResponse answer = login("\"root\"", "\"wrong\"").send();

    assertEquals(201, answer.getStatus());
    assertEquals(1, JSON.readTree(answer.getContent()).get("authResult").asInt());
    assertFalse(answer.getHeaders().contains("Set-Cookie"));
  }

  @Test
  void theSessionPoolFillsUpAndALogoutMakesRoom() throws Exception {
    start(Idrac9Simulator.builder().sessionPool(2));
    credentials();
    Map<String, String> second = credentials();

    assertEquals(503, login("\"root\"", "\"" + bmc.password() + "\"").send().getStatus());
    assertEquals(200, as(second, "DELETE", SESSION).send().getStatus());
    assertEquals(1, bmc.sessionsInUse());
    credentials();
  }

  @Test
  void theApiNeedsCookieAndTokenThePreviewOnlyTheCookie() throws Exception {
    start(Idrac9Simulator.builder());
    Map<String, String> credentials = credentials();
    Map<String, String> cookieOnly = Map.of("Cookie", credentials.get("Cookie"));
    String ticket = "/sysmgmt/2015/server/vconsole";

    assertEquals(401, client.request("GET", ticket).send().getStatus());
    assertEquals(401, as(cookieOnly, "GET", ticket).send().getStatus());
    assertEquals(200, as(credentials, "GET", ticket).send().getStatus());
    assertEquals(401, client.request("GET", "/capconsole/scapture0.png").send().getStatus());
    ContentResponse preview = as(cookieOnly, "GET", "/capconsole/scapture0.png").send();
    assertEquals("image/png", preview.getMediaType());
    assertEquals((byte) 0x89, preview.getContent()[0]);
  }

  @Test
  void redfishTakesTheTokenOrBasicCredentials() throws Exception {
    start(Idrac9Simulator.builder());
    String system = "/redfish/v1/Systems/System.Embedded.1";
    Map<String, String> token = Map.of("X-AUTH-TOKEN", credentials().get("XSRF-TOKEN"));
    Map<String, String> basic = Map.of("Authorization", "Basic " + base64("root:Sim-ulated1"));

    assertEquals(401, client.request("GET", system).send().getStatus());
    assertEquals(200, as(token, "GET", system).send().getStatus());
    assertEquals(200, as(basic, "GET", system).send().getStatus());
    assertEquals("Dell", json(client.request("GET", "/redfish/v1")).get("Vendor").asText());
  }

  @Test
  void theTicketNamesTheUnitsOwnAddressAndEveryOneIsFresh() throws Exception {
    start(Idrac9Simulator.builder());
    Map<String, String> credentials = credentials();

    String first = ticket(credentials);
    String second = ticket(credentials);

    assertTrue(
        first.matches(
            "https://127\\.0\\.0\\.1:%1$d/restgui/vconsole/index\\.html\\?ip=127\\.0\\.0\\.1&kvmport=%1$d&title=.*&VCSID=\\d{24}&VCSID2=\\d{24}"
                .formatted(bmc.port())));
    assertFalse(first.equals(second));
  }

  @Test
  void otherKindsOfTickets() throws Exception {
    start(Idrac9Simulator.builder().plugin5900());
    assertTrue(
        ticket(credentials())
            .startsWith(
                "https://127.0.0.1:5900/restgui/html5viewer.html?ip=127.0.0.1&kvmport=5900"));
    start(Idrac9Simulator.builder().emptyTicket());
    assertEquals("", ticket(credentials()));
    start(Idrac9Simulator.builder().escapedSlashes());
    String raw =
        as(credentials(), "GET", "/sysmgmt/2015/server/vconsole").send().getContentAsString();
    assertTrue(raw.startsWith("{\"Location\":\"https:\\/\\/127.0.0.1:"));
  }

  @Test
  void anIpv6UnitWritesItsAddressInBrackets() throws Exception {
    start(Idrac9Simulator.builder().host("::1"));

    assertEquals("[::1]:" + bmc.port(), bmc.ownAuthority());
    assertTrue(ticket(credentials()).contains("?ip=[::1]&kvmport="));
  }

  @Test
  void theConsoleShowsAMovingPictureAndEndsWithAGoodbye() throws Exception {
    start(Idrac9Simulator.builder());
    TestViewer viewer = viewer(ticket(credentials()));
    viewer.handshake();

    viewer.request(/* incremental= */ false);
    byte[] whole = viewer.update();
    viewer.request(/* incremental= */ true);
    byte[] part = viewer.update();

    assertEquals(4 + 12 + 2 * 1024 * 768, whole.length);
    assertTrue(part.length < whole.length);
    viewer.key('a');
    viewer.socket().send(new byte[] {(byte) 247, 0, (byte) 0xF6});
    viewer.socket().send(new byte[] {(byte) 247, 0, (byte) 0xF9});
    assertEquals(1000, viewer.socket().awaitClose());
    assertEquals(
        List.of("handshake", "running", "key 97", "heartbeat", "goodbye"),
        bmc.recorder().awaitSocket(socket -> !socket.isOpen()).events());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void aPictureMayComeInSmallMessages() throws Exception {
    start(Idrac9Simulator.builder().frameBytes(1000));
    TestViewer viewer = viewer(ticket(credentials()));
    viewer.handshake();

    viewer.request(/* incremental= */ false);

    assertEquals(4 + 12 + 2 * 1024 * 768, viewer.update().length);
  }

  @Test
  void aKeyOpensTheConsoleOnce() throws Exception {
    start(Idrac9Simulator.builder());
    String ticket = ticket(credentials());
    viewer(ticket).handshake();

    assertRefusedAtOnce(viewer(ticket).socket());
    BmcClient.Socket unknown = client.open("/vnc/vconsole?vck=111111111111111111111111");
    assertRefusedAtOnce(unknown);
    assertEquals(502, client.refusal("/vnc/vconsole"));
    assertEquals(502, client.refusal("/vnc/vconsole?vck="));
  }

  @Test
  void aWrongOrMissingSecondKeyClosesTheConsole() throws Exception {
    start(Idrac9Simulator.builder().keyLimit(Duration.ofMillis(300)));
    Map<String, String> credentials = credentials();
    TestViewer silent = viewer(ticket(credentials));
    TestViewer wrong =
        viewer(ticket(credentials).replaceAll("VCSID2=.*", "VCSID2=" + "0".repeat(24)));

    wrong.answerChallenge();

    assertEquals(1000, wrong.socket().awaitClose());
    assertEquals(1000, silent.socket().awaitClose());
  }

  @Test
  void aConsoleWithoutHeartbeatIsClosed() throws Exception {
    start(Idrac9Simulator.builder().heartbeatLimit(Duration.ofSeconds(1)));
    TestViewer viewer = viewer(ticket(credentials()));

    viewer.handshake();

    assertEquals(1000, viewer.socket().awaitClose());
    assertTrue(bmc.recorder().sockets().get(0).events().contains("no heartbeat"));
  }

  @Test
  void theSeventhConsoleFindsNoSlot() throws Exception {
    start(Idrac9Simulator.builder());
    Map<String, String> credentials = credentials();
    for (int i = 0; i < 6; i++) {
      viewer(ticket(credentials)).handshake();
    }

    assertRefusedAtOnce(viewer(ticket(credentials)).socket());
  }

  private void assertRefusedAtOnce(BmcClient.Socket socket) throws Exception {
    assertEquals(1000, socket.awaitClose());
    List<RecordedSocket> sockets = bmc.recorder().sockets();
    assertEquals(List.of("refused"), sockets.get(sockets.size() - 1).events());
  }

  @Test
  void theTemporaryPairOfRedfishOpensAConsole() throws Exception {
    start(Idrac9Simulator.builder());
    JsonNode pair =
        json(
            as(
                    credentials(),
                    "POST",
                    "/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/DelliDRACCardService/Actions/DelliDRACCardService.GetKVMSession")
                .body(new BytesRequestContent("application/json", "{}".getBytes())));

    ContentResponse redirect =
        client
            .request(
                "GET",
                "/console?username=root&tempUsername=%s&tempPassword=%s"
                    .formatted(
                        pair.get("TempUsername").asText(), pair.get("TempPassword").asText()))
            .send();

    assertEquals(302, redirect.getStatus());
    viewer(redirect.getHeaders().get("Location")).handshake();
  }

  @Test
  void virtualMediaReadsTheImageBlockByBlock() throws Exception {
    start(Idrac9Simulator.builder().mediaReadBytes(1L << 30));
    byte[] image = new byte[300 * MediaSocket.BLOCK];
    new Random(1).nextBytes(image);
    String ticket =
        json(as(credentials(), "GET", "/sysmgmt/2018/server/vmedia")).get("Location").asText();
    TestMedia media =
        new TestMedia(client.open("/vnc/vmedia?vmk=" + parameter(ticket, "VCSID")), image);

    media.attach(parameter(ticket, "VCSID2"));

    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image));
    bmc.recorder()
        .awaitSocket(
            socket -> {
              media.serve();
              return socket.events().contains("read " + image.length + " " + digest);
            });
  }

  @Test
  void anUploadIsCountedAndHashed() throws Exception {
    start(Idrac9Simulator.builder());
    byte[] firmware = new byte[3 << 20];
    new Random(2).nextBytes(firmware);
    String path = "/redfish/v1/UpdateService/MultipartUpload";

    ContentResponse answer =
        as(credentials(), "POST", path)
            .body(new BytesRequestContent("multipart/form-data; boundary=x", firmware))
            .send();

    assertEquals(202, answer.getStatus());
    assertTrue(
        answer.getHeaders().get("Location").startsWith("/redfish/v1/TaskService/Tasks/JID_"));
    RecordedRequest upload =
        bmc.recorder().awaitRequest(r -> r.path().equals(path) && r.isCompleted());
    assertEquals(firmware.length, upload.bodyBytes());
    assertEquals(
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(firmware)),
        upload.bodySha256());
  }

  @Test
  void eventsComeOneByOne() throws Exception {
    start(Idrac9Simulator.builder().eventInterval(Duration.ofMillis(150)));
    long start = System.nanoTime();
    InputStreamResponseListener listener = new InputStreamResponseListener();
    as(credentials(), "GET", "/redfish/v1/SSE").send(listener);
    assertEquals(
        "text/event-stream", listener.get(10, TimeUnit.SECONDS).getHeaders().get("Content-Type"));

    try (InputStream events = listener.getInputStream()) {
      String seen = "";
      while (!seen.contains("id: 2")) {
        seen += (char) events.read();
      }
      assertTrue(System.nanoTime() - start > Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void aConnectionEndsAfterItsLastRequest() throws Exception {
    start(Idrac9Simulator.builder().keepAlive(3, Duration.ofSeconds(60)));
    String request = "GET / HTTP/1.1\nHost: %s\n\n".formatted(bmc.ownAuthority());
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(request);
      assertTrue(raw.receive().contains("Keep-Alive: timeout=60, max=2"));
      raw.send(request);
      assertTrue(raw.receive().contains("Keep-Alive: timeout=60, max=1"));
      raw.send(request);
      assertTrue(raw.receive().contains("Connection: close"));
      assertTrue(raw.isClosedByPeer());
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    start(Idrac9Simulator.builder().keepAlive(200, Duration.ofSeconds(1)));
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send("GET / HTTP/1.1\nHost: %s\n\n".formatted(bmc.ownAuthority()));
      raw.receive();

      assertTrue(raw.isClosedByPeer());
    }
  }

  @Test
  void answersTakeTheirTimeIfTold() throws Exception {
    start(Idrac9Simulator.builder().latency(Duration.ofMillis(300), Duration.ofMillis(400)));
    long start = System.nanoTime();

    client.request("GET", "/").send();

    assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos());
  }

  @Test
  void targetAndHeadersAreRecordedAsTheyCame() throws Exception {
    start(Idrac9Simulator.builder());
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(
          "GET //a/%%2e/(x@y)|[z]?q=[1,2,],%%2C+ HTTP/1.1\nX-b: 2\nHost: %s\nx-B: \"1\"\n\n"
              .formatted(bmc.ownAuthority()));
      assertTrue(raw.receive().startsWith("HTTP/1.1 404"));
    }
    RecordedRequest request = bmc.recorder().requests().get(0);
    assertEquals("//a/%2e/(x@y)|[z]?q=[1,2,],%2C+", request.target());
    assertEquals(
        List.of("X-b: 2", "Host: " + bmc.ownAuthority(), "x-B: \"1\""),
        request.headers().stream().map(Object::toString).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cookie: a=b; pm-session=x | The gateway's session cookie is in header Cookie",
        "X-Any: eyJhbGciOiJIUzI1NiJ9.eyJpcCI6IjEifQ.c2ln | A token is in header X-Any",
        "accept: */* | Header name in lower case: accept",
        "Origin: https://localhost:8443 | Origin isn't the BMC's own: https://localhost:8443",
        "Referer: https://gateway/x | Referer isn't the BMC's own: https://gateway/x",
        "CF-Ray: 1 | Forbidden header CF-Ray",
        "Expect: 100-continue | Forbidden header Expect",
      })
  void whatNoGatewayMaySendIsAViolation(String header, String violation) throws Exception {
    start(Idrac9Simulator.builder());
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send("GET / HTTP/1.1\nHost: %s\n%s\n\n".formatted(bmc.ownAuthority(), header));
      raw.receive();
    }
    assertEquals(List.of(violation + " (GET /)"), bmc.recorder().violations());
  }

  @Test
  void reservedTargetsAndTokensInThemAreViolations() throws Exception {
    start(Idrac9Simulator.builder());

    client.request("GET", "/gpsession?token=eyJhbGciOiJIUzI1NiJ9.eyJpcCI6IjEifQ.c2ln").send();

    assertEquals(2, bmc.recorder().violations().size());
  }

  @Test
  void tooManyConnectionsAreAViolation() throws Exception {
    start(Idrac9Simulator.builder().maxConnections(2));
    for (int i = 0; i < 3; i++) {
      RawConnection raw = new RawConnection("127.0.0.1", bmc.port());
      opened.add(raw);
      raw.send("GET / HTTP/1.1\nHost: %s\n\n".formatted(bmc.ownAuthority()));
      raw.receive();
    }

    assertEquals(3, bmc.recorder().peakConnections());
    assertEquals(List.of("3 connections at a time"), bmc.recorder().violations());
  }

  @Test
  void aSocketLeavesTheCountOfConnections() throws Exception {
    start(Idrac9Simulator.builder());
    viewer(ticket(credentials())).handshake();

    assertTrue(bmc.recorder().connections() <= 1);
  }

  private String ticket(Map<String, String> credentials) throws Exception {
    return json(as(credentials, "GET", "/sysmgmt/2015/server/vconsole")).get("Location").asText();
  }

  private TestViewer viewer(String ticket) throws Exception {
    return new TestViewer(
        client.open("/vnc/vconsole?vck=" + parameter(ticket, "VCSID")),
        parameter(ticket, "VCSID2"));
  }

  private static String parameter(String url, String name) {
    return url.replaceFirst(".*[?&]" + name + "=([^&]*).*", "$1");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
