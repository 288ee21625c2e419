package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that vendor profiles add, seen from both sides. */
class ProfileRulesTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @Test
  void idrac8AnswersWithoutALanguageGetOne() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "{}"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(
          List.of("en"), browser.get("/session?aimGetProp=hostname", "").values("X_Language"));
      assertFalse(browser.get("/data?get=x", "").has("X_Language"));
    }
  }

  @Test
  void idrac8KeepsTheLanguageThatTheBmcNames() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("X_Language: de\r\n", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(List.of("de"), browser.get("/session?a", "").values("X_Language"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a.jsesp, text/html, text/javascript",
    "/a.js, application/x-gzip, text/javascript",
    "/a.css, application/x-gzip, text/css",
    "/a.html, application/x-gzip, text/html",
    "/a.html, text/html;charset=utf-8, text/html;charset=utf-8",
    "/a.jar, application/x-gzip, application/x-gzip",
    "/a.png, image/png, image/png"
  })
  void idrac8TypesArePutRight(String path, String sent, String seen) throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(exchange -> exchange.ok("Content-Type: " + sent + "\r\n", "x"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(List.of(seen), browser.get(path, "").values("Content-Type"));
    }
  }

  @Test
  void idrac8ViewersAreSentToThePublicPortAndOtherwiseKeepEveryByte() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "viewer"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      String page =
          "/virtualconsolehtml5.html?ipAddr=localhost&kvmPort=%s&vmPriv=true&title=a%%2520b,";
      Answer redirect = browser.get(page.formatted(5900), "");
      assertEquals(302, redirect.status());
      assertEquals(List.of(page.formatted(gateway.port())), redirect.values("Location"));
      assertEquals(List.of(), bmc.exchanges());

      assertEquals("viewer", browser.get(page.formatted(gateway.port()), "").text());
    }
  }

  @Test
  void aPageThatCannotWorkTellsAPersonWhatToDoAndPassesForPrograms() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "jnlp"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      String path = "/viewer.jnlp(10.0.0.1@0@t@1@ST1=x)";
      Answer page = browser.get(path, "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\n");
      assertEquals(200, page.status());
      assertTrue(page.text().contains("HTML5"), page.text());
      assertEquals(List.of(), bmc.exchanges());

      assertEquals("jnlp", browser.get(path, "").text());
      assertEquals("GET " + path + " HTTP/1.1", bmc.last().requestLine());
    }
  }

  /** Its login has the password in a header, in which scripts can write Latin-1. */
  @Test
  void idrac9GetsThePasswordByteForByte() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "{\"authResult\":0}"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      String headers =
          "user: \"root\"\r\npassword: \"p\u00e4\u00df \\\" w;,\"\r\nContent-Length: 0\r\n";
      assertEquals(200, browser.request("POST", "/sysmgmt/2015/bmc/session", headers).status());
      assertEquals(List.of("\"p\u00e4\u00df \\\" w;,\""), bmc.last().values("Password"));
      assertEquals(List.of("\"root\""), bmc.last().values("User"));
    }
  }

  @Test
  void idrac9RedirectsToTheViewerNameThePublicHostInFrontAndInTheQuery() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok(
                        "Location: https://127.0.0.1:443/restgui/vconsole/index.html?ip=127.0.0.1"
                            + "&kvmport=443&title=a%2520b&VCSID=1\r\n",
                        ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(
          List.of(
              "/restgui/vconsole/index.html?ip=localhost&kvmport="
                  + gateway.port()
                  + "&title=a%2520b&VCSID=1"),
          browser.get("/console?username=u&tempUsername=t&tempPassword=p", "").values("Location"));
    }
  }

  @Test
  void ofWhatIsRewrittenNoPartIsAskedForAndTheTagIsTheBmcsOwnAgain() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      String headers = "Range: bytes=0-1\r\nIf-Range: \"x\"\r\nIf-None-Match: W/\"x\", \"y\"\r\n";
      browser.get("/restgui/a.html", headers);
      assertEquals(List.of(), bmc.last().values("Range"));
      assertEquals(List.of(), bmc.last().values("If-Range"));
      assertEquals(List.of("\"x\", \"y\""), bmc.last().values("If-None-Match"));

      browser.get("/restgui/a.json", headers);
      assertEquals(List.of("bytes=0-1"), bmc.last().values("Range"));
      assertEquals(List.of("W/\"x\", \"y\""), bmc.last().values("If-None-Match"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void theHeadOfWhatIsRewrittenIsTheSameForGetAndHead(String method) throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.say(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nETag: \"x\"\r\n"
                            + "Accept-Ranges: bytes\r\nContent-Length: 24\r\n\r\n"
                            + ("GET".equals(method) ? "a.b='https://127.0.0.1'\n" : "")));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.request(method, "/restgui/a.js", "");

      assertTrue(answer.values("ETag").get(0).matches("W/\"[0-9a-f]{16}-ex\""), answer.head());
      assertFalse(answer.has("Accept-Ranges"));
      assertFalse(answer.values("Content-Length").contains("24"));
      if ("GET".equals(method)) {
        assertEquals("a.b='" + gateway.origin() + "'\n", answer.text());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/redfish/v1/Systems/1", "/json/overview", "/sse/ui", "/rest/v1"})
  void ilo5GetsItsKeyAsAHeaderWhereTheBrowserHasItAsACookie(String path) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get(path, "Cookie: sessionLang=en; sessionKey=" + KEY + "tail\r\n");
      assertEquals(List.of(KEY), bmc.last().values("X-Auth-Token"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/js/iLO.js, ''",
    "/json/login_session, ''",
    "/redfish/v1/Sessions/, ''",
    "/redfish/v1/SessionService/Sessions, ''",
    "/redfish/v1/Systems, 'Authorization: Basic eA=='"
  })
  void ilo5GetsNoKeyWhereItHasNoBusiness(String path, String header) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get(
          path, "Cookie: sessionKey=" + KEY + "\r\n" + (header.isEmpty() ? "" : header + "\r\n"));
      assertEquals(List.of(), bmc.last().values("X-Auth-Token"));
    }
  }

  @Test
  void ilo5KeepsTheTokenThatTheBrowserSends() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get(
          "/redfish/v1/Systems", "X-Auth-Token: mine\r\nCookie: sessionKey=" + KEY + "\r\n");
      assertEquals(List.of("mine"), bmc.last().values("X-Auth-Token"));
    }
  }

  @Test
  void asrockrackSeesItsSessionCookieAndNoOther() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "asrockrack");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get("/api/x", "Cookie: username=root; QSESSIONID=q; xQSESSIONID=y; garc=g\r\n");
      assertEquals(List.of("QSESSIONID=q"), bmc.last().values("Cookie"));
    }
  }

  @Test
  void asrockrackNeverSeesAQueryAtTheRoot() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "root"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "asrockrack");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(List.of("/"), browser.get("/?x=//evil.example", "").values("Location"));
      assertEquals(List.of(), bmc.exchanges());
      assertEquals("root", browser.get("/", "").text());
    }
  }

  @Test
  void asrockrackIsSparedAHeadThatItsServerCannotHold() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "asrockrack");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(431, browser.get("/a", "X-A: " + "a".repeat(8_100) + "\r\n").status());
      assertEquals(200, browser.get("/a", "X-A: " + "a".repeat(7_500) + "\r\n").status());
      assertEquals(1, bmc.exchanges().size());
    }
  }
}
