package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fourth wrong login within a minute is answered by the gateway. */
class FailedLoginsOfVendorsTest {
  @ParameterizedTest
  @CsvSource({
    "idrac8, /data/login, 200, <authResult>1</authResult>",
    "idrac8, //data/./l%6fgin, 200, <authResult>1</authResult>",
    "idrac9, /sysmgmt/2015/bmc/session, 401, ''",
    "ilo5, /json/login_session, 403, ''",
    "ilo5, /redfish/v1/SessionService/Sessions, 400, ''",
    "asrockrack, /api/session, 401, ''",
    "asrockrack, /redfish/v1/SessionService/Sessions, 401, ''",
    "idrac8, /redfish/v1/Sessions, 401, ''",
    "idrac9, /redfish/v1/Sessions/, 401, ''",
    "idrac9, /redfish/v1/SessionService/Sessions, 401, ''",
    // What a BMC repeats of a user's name spares nobody.
    "asrockrack, /api/session, 401, no user \\\"code\\\": 17000",
    "ilo5, /json/login_session, 403, no user \\\"message\\\":\\\"JS_ERR_LOST_SESSION\\\"",
  })
  void neverReachesTheBmc(String vendor, String path, int status, String body) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(e -> answer(e, status, body));
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String headers =
          "Cookie: pm-session=" + Tokens.mint(bmc.port(), vendor) + "\r\nContent-Length: 0\r\n";
      for (int i = 0; i < 3; i++) {
        assertEquals(status, browser.request("POST", path, headers).status());
      }
      RawClient.Answer fourth = browser.request("POST", path, headers);
      assertEquals(429, fourth.status());
      assertTrue(fourth.text().contains("too_many"));
      int wait = Integer.parseInt(fourth.values("Retry-After").get(0));
      assertTrue(wait > 20 && wait <= 60, () -> "" + wait);
      assertEquals(3, bmc.exchanges().size());
      assertEquals(status, browser.get("/page", headers).status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "idrac8, /data/login, 200, <authResult>0</authResult>",
    "idrac8, /data/login, 200, <authResult>5</authResult>",
    "idrac8, /redfish/v1/Sessions, 400, {\"MessageId\":\"Base.1.8.QueryNotSupported\"}",
    "idrac9, /sysmgmt/2015/bmc/session, 503, {\"authResult\": 5}",
    "idrac9, /redfish/v1/Sessions, 400, {\"MessageId\":\"Base.1.8.QueryNotSupported\"}",
    "ilo5, /json/login_session, 403, {\"message\":\"JS_ERR_LOST_SESSION\"}",
    "ilo5, /redfish/v1/Sessions/, 400, {\"MessageId\":\"Base.1.4.SessionLimitExceeded\"}",
    "asrockrack, /api/session, 200, {}",
    "asrockrack, /api/session, 401, {\"error\": \"Maximum number of sessions already in use\"}",
    "asrockrack, /api/session, 401, {\"error\": \"Firmware update is running\"; \"code\": 17000}",
  })
  void whatIsNoWrongPasswordIsNotBounded(String vendor, String path, int status, String body)
      throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(e -> answer(e, status, body));
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String headers =
          "Cookie: pm-session=" + Tokens.mint(bmc.port(), vendor) + "\r\nContent-Length: 0\r\n";
      for (int i = 0; i < 6; i++) {
        assertEquals(status, browser.request("POST", path, headers).status());
      }
    }
  }

  /** Where the body tells, it comes compressed: the gateway has to look into it all the same. */
  private static void answer(Exchange exchange, int status, String body) throws IOException {
    exchange.body();
    byte[] bytes = body.isEmpty() ? new byte[0] : gzip(body);
    exchange.say(
        "HTTP/1.1 "
            + status
            + " Said\r\nContent-Length: "
            + bytes.length
            + "\r\n"
            + (body.isEmpty() ? "" : "Content-Encoding: gzip\r\n")
            + "\r\n");
    exchange.out().write(bytes);
    exchange.out().flush();
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
