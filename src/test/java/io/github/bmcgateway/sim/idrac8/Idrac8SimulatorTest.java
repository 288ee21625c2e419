package io.github.bmcgateway.sim.idrac8;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.RawConnection;
import io.github.bmcgateway.sim.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The web port. */
class Idrac8SimulatorTest extends Idrac8Fixture {

  private static final String FIRMWARE = "/sysmgmt/2012/server/firmware/queue";

  @Test
  void theRootLeadsToTheStartPageUnderTheRequestsOwnHost() throws Exception {
    start(Idrac8Simulator.builder().hostCheck(HostCheck.OFF));
    BmcClient byName = new BmcClient("localhost:" + bmc.port());
    opened.add(byName);

    ContentResponse root = byName.request("GET", "/").send();
    ContentResponse entry = client.request("GET", "/console").send();

    assertEquals(302, root.getStatus());
    String start = "https://localhost:" + bmc.port() + "/start.html";
    assertEquals(start, root.getHeaders().get("Location"));
    assertEquals("application/x-gzip", root.getHeaders().get("Content-Type"));
    assertEquals("SAMEORIGIN", root.getHeaders().get("X-Frame-Options"));
    assertEquals("max-age=63072000", root.getHeaders().get("Strict-Transport-Security"));
    assertFalse(root.getHeaders().contains("Server"));
    assertTrue(
        root.getContentAsString()
            .contains("<p>The document has moved <a href=\"" + start + "\">here</a>.</p>"));
    assertEquals(
        "https://" + bmc.ownAuthority() + "/start.html?console",
        entry.getHeaders().get("Location"));
  }

  @ParameterizedTest
  @CsvSource({
    "OFF, localhost, 302",
    "ADDRESS, localhost, 400",
    "ADDRESS, idrac-XYZ8888, 400",
    "ADDRESS, 127.0.0.1, 400",
    "ADDRESS_AND_NAME, localhost, 400",
    "ADDRESS_AND_NAME, idrac-XYZ8888, 302",
    "ADDRESS_AND_NAME, IDRAC-xyz8888:443, 302"
  })
  void anUnknownHostIsRefused(HostCheck check, String host, int status) throws Exception {
    start(Idrac8Simulator.builder().hostCheck(check));
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send("GET / HTTP/1.1\nHost: %s\nAccept-Encoding: gzip\n\n".formatted(host));

      String answer = raw.receive();

      assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
      assertEquals(status == 400, answer.contains("<h2>Access Error: 400 -- Bad Request</h2>"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "ADDRESS", "ADDRESS_AND_NAME"})
  void anEmptyHostIsRefused(HostCheck check) throws Exception {
    start(Idrac8Simulator.builder().hostCheck(check));
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send("GET / HTTP/1.1\nHost:\n\n");

      String answer = raw.receive();

      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
      assertTrue(answer.endsWith("Bad Request. Host IP or name missing."), answer);
    }
  }

  @Test
  void staticFilesExistOnlyCompressed() throws Exception {
    start(Idrac8Simulator.builder().tag("TAG0815"));

    ContentResponse compressed = client.request("GET", "/functions.js").send();
    ContentResponse plain =
        client
            .request("GET", "/functions.js")
            .headers(headers -> headers.remove("Accept-Encoding"))
            .send();

    assertEquals("gzip", compressed.getHeaders().get("Content-Encoding"));
    assertEquals("Accept-Encoding", compressed.getHeaders().get("Vary"));
    assertEquals("public, max-age=86400", compressed.getHeaders().get("Cache-Control"));
    assertTrue(unzipped(compressed).contains("var unitTag = 'TAG0815';"));
    assertEquals(404, plain.getStatus());
    assertEquals(404, client.request("GET", "/favicon.ico").send().getStatus());
  }

  @Test
  void aFileThatTheClientHasIsNotSentAgain() throws Exception {
    start(Idrac8Simulator.builder());
    String etag = client.request("GET", "/login.html").send().getHeaders().get("ETag");

    ContentResponse again =
        client
            .request("GET", "/login.html")
            .headers(headers -> headers.put("If-None-Match", etag))
            .send();

    assertEquals(304, again.getStatus());
  }

  @Test
  void scriptsComeWithTypesThatArentAScripts() throws Exception {
    start(Idrac8Simulator.builder());
    Map<String, String> credentials = credentials();

    ContentResponse library = client.request("GET", "/js/prototype.js").send();
    ContentResponse launcher = as(credentials, "GET", "/LaunchConsole.jsesp").send();

    assertEquals("application/x-gzip", library.getHeaders().get("Content-Type"));
    assertEquals("text/html", launcher.getHeaders().get("Content-Type"));
    assertFalse(launcher.getHeaders().contains("X-Content-Type-Options"));
    assertTrue(unzipped(client.request("GET", "/login.html").send()).contains("/js/prototype.js"));
    assertTrue(
        unzipped(as(credentials, "GET", "/sysSummaryData.html").send())
            .contains("/LaunchConsole.jsesp"));
  }

  @Test
  void theViewerHoldsTheLiteralsThatAGatewayLooksFor() throws Exception {
    start(Idrac8Simulator.builder());

    String viewer = unzipped(as(credentials(), "GET", "/js/ViewerJS/html5viewer.js").send());

    assertTrue(viewer.contains("htmlViewer.setRPServerConfiguration(mIPAddress, mPort);\n"));
    assertTrue(viewer.contains("\n       //  htmlViewer.disableRPCertPopup();\n"));
  }

  @ParameterizedTest
  @CsvSource({"'de-DE,de;q=0.9', de", "'en-US,en;q=0.9', en", ", en"})
  void answersOfSessionNameTheLanguage(String accepted, String language) throws Exception {
    start(Idrac8Simulator.builder());
    Request request = client.request("GET", "/session?aimGetIntProp=scl_int_enabled");
    if (accepted != null) {
      request.headers(headers -> headers.put("Accept-Language", accepted));
    }

    assertEquals(language, request.send().getHeaders().get("X_Language"));
  }

  @Test
  void aUnitMayOmitTheLanguage() throws Exception {
    start(Idrac8Simulator.builder().omitLanguage());

    ContentResponse answer = client.request("GET", "/session?aimGetIntProp=scl_int_enabled").send();

    assertFalse(answer.getHeaders().contains("X_Language"));
  }

  @Test
  void answersOfSessionAreWrittenAsTheFirmwareWritesThem() throws Exception {
    start(Idrac8Simulator.builder());

    assertEquals(
        "{\"aimGetIntProp\" : {\"pam_int_ldap_enable_mode\" :0,\"scl_int_enabled\" :0,\"status\" :\"OK\"}}",
        client
            .request("GET", "/session?aimGetIntProp=scl_int_enabled,pam_int_ldap_enable_mode")
            .send()
            .getContentAsString());
    assertEquals(
        "{\"aimGetBoolProp\" : {\"pam_bool_sso_enabled\" :\"false\",\"status\" :\"OK\"}}",
        client
            .request("GET", "/session?aimGetBoolProp=pam_bool_sso_enabled")
            .send()
            .getContentAsString());
    assertTrue(
        client
            .request("GET", "/session?aimGetProp=fwVersionFull")
            .send()
            .getContentAsString()
            .matches(".*\"fwVersionFull\" :\"2\\.\\d+\\.\\d+\\.\\d+ \\(Build \\d+\\)\".*"));
  }

  @Test
  void aLoginGivesCookieAndTwoTokens() throws Exception {
    start(Idrac8Simulator.builder());

    ContentResponse answer = login("user=root&password=" + bmc.password());

    assertEquals("text/xml", answer.getHeaders().get("Content-Type"));
    assertTrue(
        answer
            .getContentAsString()
            .matches(
                "<\\?xml version=\"1.0\" encoding=\"UTF-8\"\\?> <root> <status>ok</status>"
                    + " <authResult>0</authResult>"
                    + " <forwardUrl>index.html\\?ST1=[0-9a-f]{32},ST2=[0-9a-f]{32}</forwardUrl>"
                    + " </root>"));
    assertTrue(
        answer
            .getHeaders()
            .get("Set-Cookie")
            .matches("-http-session-=1::http.session::[0-9a-f]{32}; path=/; secure; httponly"));
  }

  @Test
  void theCookieMayNameADomain() throws Exception {
    start(Idrac8Simulator.builder().cookieDomain());

    ContentResponse answer = login("user=root&password=" + bmc.password());

    assertTrue(
        answer
            .getHeaders()
            .get("Set-Cookie")
            .endsWith("path=/; domain=127.0.0.1; secure; httponly"));
  }

  @ParameterizedTest
  @CsvSource({
    "user=root&password=wrong, 1",
    "user=nobody&password=Sim-ulated1, 1",
    "password=Sim-ulated1&user=root, 2",
    "User=root&password=Sim-ulated1, 2",
    "'', 2"
  })
  void aFormThatIsWrongOrInAnotherOrderIsRefused(String form, int result) throws Exception {
    start(Idrac8Simulator.builder());

    ContentResponse answer = login(form);

    assertEquals(200, answer.getStatus());
    assertTrue(
        answer.getContentAsString().contains("<authResult>" + result + "</authResult>"),
        answer.getContentAsString());
    assertFalse(answer.getHeaders().contains("Set-Cookie"));
    assertEquals(0, bmc.sessionsInUse());
  }

  @Test
  void aPasswordMayNeedDecoding() throws Exception {
    start(Idrac8Simulator.builder().password("a&b=c+d e%"));

    assertTrue(
        login("user=root&password=a%26b%3Dc%2Bd%20e%25")
            .getContentAsString()
            .contains("<authResult>0</authResult>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void theSessionPoolFillsUpAndALogoutMakesRoom(String method) throws Exception {
    start(Idrac8Simulator.builder().sessionPool(2));
    credentials();
    Map<String, String> second = credentials();

    assertTrue(
        login("user=root&password=" + bmc.password())
            .getContentAsString()
            .contains("<authResult>5</authResult>"));
    assertTrue(
        as(second, method, "/data/logout")
            .send()
            .getContentAsString()
            .contains("<root> <status>ok</status> </root>"));
    assertEquals(1, bmc.sessionsInUse());
    credentials();
  }

  @Test
  void withoutALoginPagesLeadToTheStartAndCallsAreRefused() throws Exception {
    start(Idrac8Simulator.builder());

    ContentResponse page = client.request("GET", "/index.html").send();

    assertEquals(302, page.getStatus());
    assertTrue(page.getHeaders().get("Location").endsWith("/start.html"));
    assertEquals(302, client.request("GET", "/js/ViewerJS/html5viewer.js").send().getStatus());
    assertEquals(401, client.request("GET", "/session?getSsnVar=aimSession").send().getStatus());
    assertEquals(
        401, client.request("GET", "/session?aimGetIntProp=rp_int_apcp_port").send().getStatus());
    assertEquals(401, client.request("POST", "/data?get=svcTag").send().getStatus());
    assertEquals(401, client.request("GET", "/sysmgmt/2012/server/license").send().getStatus());
    assertEquals(401, client.request("GET", "/capconsole/scapture0.png").send().getStatus());
    assertEquals(200, client.request("GET", "/locale/locale_de.json").send().getStatus());
  }

  @Test
  void aCallNeedsCookieTokenAndTheCookieThatThePageWrote() throws Exception {
    start(Idrac8Simulator.builder());
    Map<String, String> all = credentials();
    String cookie = all.get("Cookie");
    String call = "/session?aimGetIntProp=rp_int_apcp_port";

    assertEquals(401, as(Map.of("Cookie", cookie), "GET", call).send().getStatus());
    assertEquals(401, as(Map.of("ST2", all.get("ST2")), "GET", call).send().getStatus());
    assertEquals(
        401, as(Map.of("Cookie", cookie, "ST2", st1(all)), "GET", call).send().getStatus());
    assertEquals(List.of(), bmc.recorder().violations());
    assertEquals(
        401,
        as(Map.of("Cookie", cookie.split(";")[0], "ST2", all.get("ST2")), "GET", call)
            .send()
            .getStatus());
    assertEquals(
        List.of("The pages' own cookie tokenvalue is missing (/session)"),
        bmc.recorder().violations());
    assertEquals(
        bmc.consolePort(),
        json(as(all, "GET", call)).at("/aimGetIntProp/rp_int_apcp_port").asInt());
  }

  @Test
  void valuesComeAsXmlWhateverTheQueryLooksLike() throws Exception {
    start(Idrac8Simulator.builder());
    Map<String, String> all = credentials();

    String preview = "/data?get=consolepreview[auto%20123]";
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      for (String target : List.of(preview, "/data?get=netMode,")) {
        raw.send(
            "POST %s HTTP/1.1\nHost: %s\nContent-Length: 0\nCookie: %s\nST2: %s\n\n"
                .formatted(target, bmc.ownAuthority(), all.get("Cookie"), all.get("ST2")));
        assertTrue(raw.receive().startsWith("HTTP/1.1 200"));
      }
    }
    String generation =
        client.request("POST", "/data?get=prodServerGen").send().getContentAsString();

    assertEquals(preview, bmc.recorder().requests("/data").get(0).target());
    assertEquals("/data?get=netMode,", bmc.recorder().requests("/data").get(1).target());
    assertTrue(
        generation.contains(
            "<root> <prodServerGen>13G</prodServerGen> <isDellBranded>1</isDellBranded>"
                + " <status>ok</status> </root>"));
  }

  @Test
  void managementAnswersWithJson() throws Exception {
    start(Idrac8Simulator.builder());
    Map<String, String> all = credentials();

    JsonNode chassis =
        json(as(all, "GET", "/sysmgmt/2012/server/configgroup/system.chassiscontrol"));
    JsonNode health = json(as(all, "GET", "/sysmgmt/2016/server/extended_health"));
    ContentResponse software = as(all, "GET", "/sysmgmt/2012/server/inventory/software").send();

    assertTrue(chassis.has("system.ChassisControl"));
    assertEquals(1, health.at("/healthStatus/0").asInt());
    assertEquals("text/xml", software.getMediaType());
  }

  @Test
  void consoleCredentialsAreForTheSessionsOwnNumber() throws Exception {
    start(Idrac8Simulator.builder());
    Map<String, String> all = credentials();

    JsonNode wrong = json(as(all, "GET", "/session?setTempCredential=0"));
    JsonNode right = consoleCredentials();

    assertEquals("BAD", wrong.at("/aimGetProp/status").asText());
    assertFalse(wrong.at("/aimGetProp").has("tempUser"));
    assertEquals("OK", right.get("status").asText());
    assertTrue(right.get("tempUser").asText().matches("[0-9a-f]{16}"));
  }

  @Test
  void theJavaViewersFileIsFoundByItsRawPathOnly() throws Exception {
    start(Idrac8Simulator.builder());
    Map<String, String> all = credentials();
    String target = "/viewer.jnlp(1.2.3.4@0@idrac%2C+x@1700000000@ST1=" + st1(all) + ")";
    String head =
        " HTTP/1.1\nHost: %s\nCookie: %s\n\n".formatted(bmc.ownAuthority(), all.get("Cookie"));
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send("GET " + target + head);
      String found = raw.receive();
      assertTrue(found.startsWith("HTTP/1.1 200"), found);
      assertTrue(found.contains("Content-Type: application/x-java-jnlp-file"));
      assertTrue(found.contains("codebase=\"https://1.2.3.4:443\""));

      raw.send("GET " + target.replace("(", "%28") + head);
      assertTrue(raw.receive().startsWith("HTTP/1.1 404"));
      raw.send("GET " + target.replace("@", "%40") + head);
      assertTrue(raw.receive().startsWith("HTTP/1.1 404"));
    }
  }

  @Test
  void thePluginTypeIsSettable() throws Exception {
    start(Idrac8Simulator.builder().pluginType(1));

    JsonNode answer = json(as(credentials(), "GET", "/session?aimGetIntProp=gui_kvm_plugin_type"));

    assertEquals(1, answer.at("/aimGetIntProp/gui_kvm_plugin_type").asInt());
  }

  @Test
  void uploadedFirmwareIsCountedAndHashed() throws Exception {
    start(Idrac8Simulator.builder());
    byte[] image = bytes(1_234_567);

    JsonNode answer = json(upload(credentials(), image));

    assertEquals(1_234_567, answer.get("bytes").asInt());
    assertEquals(sha256(image), answer.get("sha256").asText());
    assertEquals(List.of(new FirmwareImage(1_234_567, sha256(image))), bmc.firmware());
  }

  @Test
  void anUploadNeedsItsTokenAndALength() throws Exception {
    start(Idrac8Simulator.builder());
    Map<String, String> all = credentials();
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(
          "POST %s?ST1=%s HTTP/1.1\nHost: %s\nCookie: %s\nTransfer-Encoding: chunked\n\n1\nx\n0\n\n"
              .formatted(FIRMWARE, st1(all), bmc.ownAuthority(), all.get("Cookie")));
      assertTrue(raw.receive().startsWith("HTTP/1.1 411"));
    }
    assertEquals(
        List.of("The body is chunked (POST " + FIRMWARE + ")"), bmc.recorder().violations());
    assertEquals(401, as(all, "POST", FIRMWARE + "?ST1=" + all.get("ST2")).send().getStatus());
  }

  @Test
  void firmwareMayBeReadSlowly() throws Exception {
    start(Idrac8Simulator.builder().slowUpload(400_000));
    byte[] image = bytes(600_000);
    long before = System.nanoTime();

    json(upload(credentials(), image));

    assertTrue(System.nanoTime() - before >= Duration.ofMillis(1300).toNanos());
    assertEquals(sha256(image), bmc.firmware().get(0).sha256());
  }

  private Request upload(Map<String, String> all, byte[] image) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(
        ascii(
            "--XyZ\r\nContent-Disposition: form-data; name=\"firmwareimage\"; filename=\"a.d7\""
                + "\r\nContent-Type: application/octet-stream\r\n\r\n"));
    form.writeBytes(image);
    form.writeBytes(ascii("\r\n--XyZ--\r\n"));
    return as(all, "POST", FIRMWARE + "?ST1=" + st1(all))
        .body(new BytesRequestContent("multipart/form-data; boundary=XyZ", form.toByteArray()));
  }

  @Test
  void thePreviewNeedsTheCookieOnly() throws Exception {
    start(Idrac8Simulator.builder());

    ContentResponse preview =
        as(Map.of("Cookie", credentials().get("Cookie")), "GET", "/capconsole/scapture0.png?1")
            .send();

    assertEquals("image/png", preview.getMediaType());
    assertEquals((byte) 0x89, preview.getContent()[0]);
  }

  @Test
  void redfishSessionsLieAtTheOldPath() throws Exception {
    start(Idrac8Simulator.builder());
    String credentials = "{\"UserName\":\"root\",\"Password\":\"%s\"}".formatted(bmc.password());

    ContentResponse made = post("/redfish/v1/Sessions", credentials);
    ContentResponse elsewhere = post("/redfish/v1/SessionService/Sessions", credentials);
    ContentResponse wrong = post("/redfish/v1/Sessions", credentials.replace("Sim", "Sam"));

    assertEquals(201, made.getStatus());
    String location = made.getHeaders().get("Location");
    assertTrue(location.matches("/redfish/v1/Sessions/\\d+"));
    assertEquals("iDRAC/8", made.getHeaders().get("Server"));
    assertEquals("4.0", made.getHeaders().get("OData-Version"));
    assertEquals("*", made.getHeaders().get("Access-Control-Allow-Origin"));
    assertEquals(
        "application/json;odata.metadata=minimal;charset=utf-8",
        made.getHeaders().get("Content-Type"));
    assertEquals(405, elsewhere.getStatus());
    assertEquals(401, wrong.getStatus());
    Map<String, String> token = Map.of("X-Auth-Token", made.getHeaders().get("X-Auth-Token"));
    assertEquals(1, json(as(token, "GET", "/redfish/v1/Systems")).get("Members").size());
    assertEquals(200, as(token, "DELETE", location).send().getStatus());
    assertEquals(401, as(token, "GET", "/redfish/v1/Systems").send().getStatus());
    assertEquals(0, bmc.sessionsInUse());
  }

  private ContentResponse post(String target, String json) throws Exception {
    return client
        .request("POST", target)
        .body(new StringRequestContent("application/json", json))
        .send();
  }

  @Test
  void redfishTakesBasicCredentialsAndAPatch() throws Exception {
    start(Idrac8Simulator.builder());
    String pair = "root:" + bmc.password();
    Map<String, String> basic =
        Map.of(
            "Authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
    String system = "/redfish/v1/Systems/System.Embedded.1";

    assertEquals(401, client.request("GET", system).send().getStatus());
    assertEquals(
        200,
        as(basic, "PATCH", system)
            .body(new StringRequestContent("application/json", "{\"AssetTag\":\"rack 7\"}"))
            .send()
            .getStatus());
    assertEquals("rack 7", json(as(basic, "GET", system)).get("AssetTag").asText());
    assertEquals(
        "1.4.0", json(client.request("GET", "/redfish/v1/")).get("RedfishVersion").asText());
  }

  @Test
  void redfishMayBreakOffWhatItAnswersToStrangers() throws Exception {
    start(Idrac8Simulator.builder().truncatedRedfish());
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send("GET /redfish/v1/Systems HTTP/1.1\nHost: %s\n\n".formatted(bmc.ownAuthority()));

      String answer = raw.receive();

      assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
      int announced = Integer.parseInt(answer.replaceFirst("(?s).*Content-Length: (\\d+).*", "$1"));
      int arrived = answer.length() - answer.indexOf("\r\n\r\n") - 4;
      assertEquals(announced - 512, arrived);
      assertTrue(raw.isClosedByPeer());
    }
  }

  @Test
  void moreThanTwentyRequestsAtATimeAreTooMany() throws Exception {
    start(
        Idrac8Simulator.builder()
            .maxConnections(64)
            // Time enough for 21 handshakes on a busy machine.
            .latency(Duration.ofSeconds(3), Duration.ofSeconds(3)));
    List<CompletableFuture<ContentResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      answers.add(new CompletableResponseListener(client.request("GET", "/login.html")).send());
    }

    List<Integer> statuses =
        answers.stream().map(CompletableFuture::join).map(Response::getStatus).toList();

    assertEquals(20, statuses.stream().filter(status -> status == 200).count());
    assertEquals(1, statuses.stream().filter(status -> status == 503).count());
    assertEquals(List.of("21 requests at a time"), bmc.recorder().violations());
  }

  @Test
  void aChunkedBodyIsRefusedWhereverItGoes() throws Exception {
    start(Idrac8Simulator.builder());
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(
          "POST /data/login HTTP/1.1\nHost: %s\nTransfer-Encoding: chunked\n\n1\nx\n0\n\n"
              .formatted(bmc.ownAuthority()));

      assertTrue(raw.receive().startsWith("HTTP/1.1 411"));
    }
  }

  @Test
  void headsAreLimited() throws Exception {
    start(Idrac8Simulator.builder());

    assertEquals(413, headed(65, "v").getStatus());
    assertEquals(200, headed(40, "v").getStatus());
    assertTrue(
        raw("GET /login.html?%s".formatted("x".repeat(8192)), "").startsWith("HTTP/1.1 414"));
    assertTrue(raw("GET /", "Cookie: " + "c".repeat(33_000) + "\n").startsWith("HTTP/1.1 431"));
  }

  private String raw(String start, String headers) throws Exception {
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send("%s HTTP/1.1\nHost: %s\n%s\n".formatted(start, bmc.ownAuthority(), headers));
      return raw.receive();
    }
  }

  private ContentResponse headed(int lines, String value) throws Exception {
    return client
        .request("GET", "/login.html")
        .headers(
            headers -> {
              for (int i = 0; i < lines; i++) {
                headers.put("N" + i, value);
              }
            })
        .send();
  }

  @Test
  void aConnectionEndsAfterSoManyAnswers() throws Exception {
    start(Idrac8Simulator.builder().keepAlive(3, Duration.ofSeconds(60)));
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      String request =
          "GET /login.html HTTP/1.1\nHost: %s\nAccept-Encoding: gzip\n\n"
              .formatted(bmc.ownAuthority());
      raw.send(request);
      assertTrue(raw.receive().contains("Keep-Alive: timeout=60, max=2"));
      raw.send(request);
      raw.receive();
      raw.send(request);
      assertTrue(raw.receive().contains("Connection: close"));
      assertTrue(raw.isClosedByPeer());
    }
  }

  @Test
  void itSpeaksNothingNewerThanTls12() throws Exception {
    start(Idrac8Simulator.builder());
    var sockets = TestCertificates.trustEverything().getSocketFactory();
    try (var socket = (SSLSocket) sockets.createSocket("127.0.0.1", bmc.port())) {
      socket.startHandshake();

      assertEquals("TLSv1.2", socket.getSession().getProtocol());
    }
  }

  private static String unzipped(ContentResponse answer) throws Exception {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(answer.getContent()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(8).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
