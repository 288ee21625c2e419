package io.github.bmcgateway.sim.ilo5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redfish and uploads. */
class Ilo5RedfishTest extends Ilo5Fixture {

  private static final String BOUNDARY = "----part";

  @Test
  void theServiceRootIsOpenAndNamesTheGeneration() throws Exception {
    start();

    ContentResponse answer = client.request("GET", "/redfish/v1/").send();

    assertEquals(200, answer.getStatus());
    JsonNode root = JSON.readTree(answer.getContent());
    assertEquals("iLO 5", root.at("/Oem/Hpe/Manager/0/ManagerType").asText());
    assertEquals("iLO 5", root.at("/Oem/Hpe/Moniker/PRODGEN").asText());
    assertEquals(
        "POST to /Sessions to login using the following JSON object:",
        root.at("/Oem/Hpe/Sessions/LoginHint/Hint").asText());
    assertEquals(200, client.request("GET", "/redfish").send().getStatus());
  }

  @Test
  void answersLookAsOnRealUnits() throws Exception {
    start();

    var headers = client.request("GET", "/redfish/v1/").send().getHeaders();

    assertEquals("chunked", headers.get("Transfer-Encoding"));
    assertNull(headers.get("Content-Length"));
    assertTrue(headers.get("ETag").matches("W/\"[0-9A-F]{8}\""));
    assertEquals("1.0.3", headers.get("X_HP-CHRP-Service-Version"));
    assertEquals(2, headers.getFields("Link").size());
    assertEquals("4.0", headers.get("OData-Version"));
    assertTrue(raw("GET /redfish/v1/ HTTP/1.1\nHost: @HOST@\n\n").contains("Content-type: "));

    start(Ilo5Quirk.CHUNKED_REDFISH, Ilo5Quirk.UNDERSCORE_HEADER, Ilo5Quirk.REPEATED_LINK);
    headers = client.request("GET", "/redfish/v1/").send().getHeaders();
    assertTrue(headers.contains("Content-Length"));
    assertFalse(headers.contains("X_HP-CHRP-Service-Version"));
    assertEquals(1, headers.getFields("Link").size());
  }

  @Test
  void anUnchangedResourceIsNotSentAgain() throws Exception {
    start();
    String etag = client.request("GET", "/redfish/v1/").send().getHeaders().get("ETag");

    Request again = with(client.request("GET", "/redfish/v1/"), Map.of("If-None-Match", etag));

    assertEquals(304, again.send().getStatus());
  }

  @ParameterizedTest
  @ValueSource(strings = {SHORT_LOGIN, SESSIONS})
  void aLoginAnswersWithTokenCookieAndPlace(String path) throws Exception {
    start();

    ContentResponse answer =
        post(path, "{\"UserName\":\"Administrator\",\"Password\":\"Sim-ulated1\"}").send();

    assertEquals(201, answer.getStatus());
    String key = answer.getHeaders().get("X-Auth-Token");
    String place = answer.getHeaders().get("Location");
    assertTrue(key.matches("[0-9a-f]{32}"));
    assertTrue(
        place.matches(
            "https://127\\.0\\.0\\.1:" + bmc.port() + SESSIONS + "Administrator[0-9a-f]{24}/"));
    assertEquals("sessionKey=" + key + "; Path=/; Secure", answer.getHeaders().get("Set-Cookie"));
    JsonNode session = JSON.readTree(answer.getContent());
    assertEquals("Web UI", session.at("/Oem/Hpe/UserTag").asText());
    assertTrue(place.endsWith(session.get("@odata.id").asText()));
  }

  @Test
  void theCookieMayBeLeftToThePageAndThePlaceMayBeRelative() throws Exception {
    start(
        Ilo5Simulator.builder()
            .with(Ilo5Quirk.COOKIE_BY_SCRIPT)
            .without(Ilo5Quirk.ABSOLUTE_LOCATION));

    var headers = redfishLogin(bmc.password()).send().getHeaders();

    assertFalse(headers.contains("Set-Cookie"));
    assertTrue(headers.get("Location").startsWith(SESSIONS));
  }

  @Test
  void aTokenOrBasicIsNeededACookieIsNotEnough() throws Exception {
    start();
    String key = logIn();

    ContentResponse without = client.request("GET", SYSTEM).send();

    assertEquals(401, without.getStatus());
    JsonNode error = JSON.readTree(without.getContent());
    assertEquals("iLO.0.10.ExtendedInfo", error.at("/error/code").asText());
    assertTrue(
        error.at("/error/@Message.ExtendedInfo/0/MessageId").asText().endsWith(".NoValidSession"));
    assertEquals(401, withCookie("GET", SYSTEM, key).send().getStatus());
    assertEquals(200, withToken("GET", SYSTEM, key).send().getStatus());
    assertEquals(200, with(client.request("GET", SYSTEM), basic()).send().getStatus());

    start(Ilo5Quirk.REDFISH_NEEDS_TOKEN);
    assertEquals(200, withCookie("GET", SYSTEM, logIn()).send().getStatus());
  }

  private static Map<String, String> basic() {
    byte[] pair = "Administrator:Sim-ulated1".getBytes();
    return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  @Test
  void aTokenBesideBasicOrWithALoginIsAViolation() throws Exception {
    start();
    String key = logIn();

    with(withToken("GET", SYSTEM, key), basic()).send();
    with(redfishLogin(bmc.password()), Map.of("X-Auth-Token", key)).send();
    raw("GET / HTTP/1.1\nHost: @HOST@\nX-Auth-Token: %1$s\nX-Auth-Token: %1$s\n\n".formatted(key));

    assertEquals(
        List.of(
            "X-Auth-Token beside Authorization (GET " + SYSTEM + ")",
            "X-Auth-Token with a login (POST " + SHORT_LOGIN + ")",
            "Several lines of X-Auth-Token (GET /)"),
        bmc.recorder().violations());
  }

  @Test
  void aMissingSlashAndTheOldNameAreRedirected() throws Exception {
    start();
    String own = "https://" + bmc.ownAuthority();

    ContentResponse slash = client.request("GET", "/redfish/v1/Systems/1?a=b").send();
    ContentResponse login = post("/redfish/v1/SessionService/Sessions", "{}").send();
    ContentResponse rest = client.request("GET", "/rest/v1/Systems/1").send();

    assertEquals(308, slash.getStatus());
    assertEquals(own + "/redfish/v1/Systems/1/?a=b", slash.getHeaders().get("Location"));
    assertEquals(308, login.getStatus());
    assertEquals(own + SESSIONS, login.getHeaders().get("Location"));
    assertEquals(own + SYSTEM, rest.getHeaders().get("Location"));
    start(Ilo5Quirk.REDIRECT_MISSING_SLASH);
    assertEquals(404, client.request("GET", "/redfish/v1/Systems/1").send().getStatus());
  }

  @Test
  void schemasAndRegistriesComeCompressedUnasked() throws Exception {
    start();
    String path = "/redfish/v1/schemas/ComputerSystem.json";

    ContentResponse answer =
        withToken("GET", path, logIn()).headers(h -> h.remove("Accept-Encoding")).send();

    assertEquals("gzip", answer.getHeaders().get("Content-Encoding"));
    assertTrue(unzipped(answer.getContent()).contains("ComputerSystem.v1_10_0"));
    start(Ilo5Quirk.UNREQUESTED_GZIP);
    answer = withToken("GET", path, logIn()).headers(h -> h.remove("Accept-Encoding")).send();
    assertTrue(answer.getContentAsString().contains("ComputerSystem.v1_10_0"));
  }

  @Test
  void aPatchChangesWhatItNamesUnlessTheResourceChangedBefore() throws Exception {
    start();
    String key = logIn();
    String etag = withToken("GET", SYSTEM, key).send().getHeaders().get("ETag");

    assertEquals(200, patch(key, "{\"Boot\":{\"BootSourceOverrideTarget\":\"Cd\"}}", etag));
    assertEquals(412, patch(key, "{\"AssetTag\":\"late\"}", etag));

    JsonNode system = json(withToken("GET", SYSTEM, key));
    assertEquals("Cd", system.at("/Boot/BootSourceOverrideTarget").asText());
    assertEquals("UEFI", system.at("/Boot/BootSourceOverrideMode").asText());
    assertEquals("", system.get("AssetTag").asText());
  }

  private int patch(String key, String changes, String etag) throws Exception {
    return with(withToken("PATCH", SYSTEM, key), Map.of("If-Match", etag))
        .body(new StringRequestContent("application/json", changes))
        .send()
        .getStatus();
  }

  @Test
  void sessionsAreListedAndDeleted() throws Exception {
    start();
    String key = logIn();
    JsonNode list = json(withToken("GET", SESSIONS, key));
    String place = list.at("/Members/0/@odata.id").asText();

    assertEquals(1, list.get("Members@odata.count").asInt());
    assertTrue(json(withToken("GET", place, key)).at("/Oem/Hpe/MySession").asBoolean());
    assertEquals(200, withToken("DELETE", place, key).send().getStatus());
    assertEquals(0, bmc.sessionsInUse());
    assertEquals(401, withToken("GET", place, key).send().getStatus());
  }

  @Test
  void anUploadIsTakenPartByPartAndHashed() throws Exception {
    start();
    String key = logIn();
    byte[] firmware = new byte[3 << 20];
    new Random(2).nextBytes(firmware);

    ContentResponse answer =
        upload(key, key, form(key, false, firmware, "sessionKey", "parameters", "compsig", "file"));

    assertEquals(200, answer.getStatus());
    Upload upload = bmc.uploads().get(0);
    assertEquals("ilo5_280.bin", upload.fileName());
    assertEquals(firmware.length, upload.bytes());
    assertEquals(
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(firmware)),
        upload.sha256());
    assertEquals(
        "Complete",
        json(withToken("GET", "/redfish/v1/UpdateService/", key)).at("/Oem/Hpe/State").asText());
    RecordedRequest request = bmc.recorder().requests("/cgi-bin/uploadFile").get(0);
    assertTrue(request.bodyBytes() > firmware.length);
  }

  @Test
  void anUploadInAnotherOrderOrWithoutAllItsKeysIsRefused() throws Exception {
    start();
    String key = logIn();
    String other = logIn();
    byte[] firmware = new byte[1000];
    String[] right = {"sessionKey", "parameters", "file"};

    List<ContentResponse> refused =
        List.of(
            upload(key, key, form(key, false, firmware, "parameters", "sessionKey", "file")),
            upload(key, key, form(key, false, firmware, "sessionKey", "file", "parameters")),
            upload(key, key, form(key, false, firmware, "sessionKey", "file")),
            upload(key, "", form(key, false, firmware, right)),
            upload("", key, form(key, false, firmware, right)),
            upload(other, key, form(key, false, firmware, right)),
            upload(key, key, form(other, false, firmware, right)));

    for (ContentResponse answer : refused) {
      assertEquals(400, answer.getStatus());
      assertEquals(0, answer.getContent().length);
    }
    assertEquals(List.of(), bmc.uploads());
    assertEquals(200, upload(key, key, form(key, false, firmware, right)).getStatus());
  }

  @Test
  void newFirmwareClosesConsolesForbidsLogoutsAndResetsTheUnit() throws Exception {
    start(
        Ilo5Simulator.builder().flashTime(Duration.ofSeconds(2)).resetTime(Duration.ofMillis(300)));
    String key = logIn();
    TestViewer viewer = viewer(key);
    viewer.greet(key);

    upload(key, key, form(key, true, new byte[1000], "sessionKey", "parameters", "file"));

    assertEquals(1000, viewer.socket().awaitClose());
    assertTrue(bmc.recorder().sockets().get(0).events().contains("firmware update"));
    JsonNode service = json(withToken("GET", "/redfish/v1/UpdateService/", key));
    assertEquals("Updating", service.at("/Oem/Hpe/State").asText());
    withToken("DELETE", SESSIONS + "x/", key).send();
    assertEquals(
        List.of("Logout while firmware is written (" + SESSIONS + "x/)"),
        bmc.recorder().violations());
    Eventually.holds("reset", () -> bmc.sessionsInUse() == 0);
  }

  private ContentResponse upload(String cookie, String token, byte[] form) throws Exception {
    return with(
            client.request("POST", "/cgi-bin/uploadFile"),
            Map.of("Cookie", "sessionKey=" + cookie, "X-Auth-Token", token))
        .body(new BytesRequestContent("multipart/form-data; boundary=" + BOUNDARY, form))
        .send();
  }

  /** A form with parts of those names, in that order. */
  private static byte[] form(String key, boolean updateTarget, byte[] file, String... names) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (String name : names) {
      boolean isFile = name.equals("file");
      String head =
          "--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n"
              .formatted(BOUNDARY, name, isFile ? "; filename=\"ilo5_280.bin\"" : "");
      form.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      form.writeBytes(isFile ? file : field(name, key, updateTarget));
      form.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    form.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return form.toByteArray();
  }

  private static byte[] field(String name, String key, boolean updateTarget) {
    String value =
        switch (name) {
          case "sessionKey" -> key;
          case "parameters" ->
              "{\"UpdateRepository\":true,\"UpdateTarget\":%s,\"ETag\":\"atag\",\"Section\":0}"
                  .formatted(updateTarget);
          default -> "signature";
        };
    return value.getBytes(StandardCharsets.US_ASCII);
  }
}
