package io.github.bmcgateway.entry;

import static io.github.bmcgateway.entry.EntryFixture.START;
import static io.github.bmcgateway.entry.EntryFixture.cookies;
import static io.github.bmcgateway.entry.EntryFixture.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.token.TestTokens;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every page of the gateway keeps to, whatever was asked for. */
class OwnPagesTest {
  private static final String HTML = "Accept: text/html,*/*;q=0.8\r\n";
  private static final String FOREIGN =
      "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";

  /** As text it would show, as markup it would run. */
  private static final String MARK = "m4rk";

  private static final String MARKED = MARK + "<script>" + MARK + "</script>\"'";

  private static EntryFixture gateway;
  private static EntryFixture named;

  @BeforeAll
  static void start() throws Exception {
    gateway = new EntryFixture();
    named =
        new EntryFixture(
            new EntryFixture.Settings(List.of("pm.secret-tenant.example"), List.of(), "/"));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    named.close();
  }

  static Stream<Arguments> refusals() {
    String link = "/gpsession?token=";
    return Stream.of(
        Arguments.of(401, "GET", "/" + MARK, ""),
        Arguments.of(401, "GET", "/", "Cookie: pm-session=" + MARK + "\r\n"),
        Arguments.of(401, "GET", link + MARK, ""),
        Arguments.of(401, "GET", link + marked().key("x".repeat(32)).build(), ""),
        Arguments.of(401, "GET", link + marked().claim("aud", MARKED).build(), ""),
        Arguments.of(401, "GET", link + marked().claim("vendor", MARKED).build(), ""),
        Arguments.of(401, "GET", "/", cookies(expired().claim("sub", MARKED))),
        Arguments.of(400, "GET", "/.gateway/../" + MARK, ""),
        Arguments.of(400, "GET", link + MARK + "&token=" + MARK, ""),
        Arguments.of(403, "POST", "/" + MARK, FOREIGN + "Content-Length: 0\r\n"),
        Arguments.of(403, "GET", "/" + MARK, "Service-Worker: script\r\n"),
        Arguments.of(404, "GET", "/.gateway/" + MARK, cookies(marked())),
        Arguments.of(405, "TRACE", "/" + MARK, ""),
        Arguments.of(405, "PUT", link + MARK, "Content-Length: 0\r\n"));
  }

  private static TestTokens marked() {
    return token("10.0.0.5")
        .claim("sub", MARKED)
        .claim("iss", MARKED)
        .claim("jti", MARKED)
        .claim("host", MARK + ".lab");
  }

  private static TestTokens expired() {
    return TestTokens.token("10.0.0.5", START);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("refusals")
  void aRefusalRepeatsNothing(int status, String method, String target, String headers)
      throws Exception {
    String marks =
        "Referer: https://%1$s/%1$s\r\nUser-Agent: %1$s\r\nAccept-Language: %1$s\r\n"
            .formatted(MARK);
    for (String accept : List.of(HTML, "Accept: */*\r\n")) {
      Answer answer = gateway.request(method, target, headers + accept + marks);
      assertEquals(status, answer.status(), answer.text());
      assertFalse((answer.head() + answer.text()).contains(MARK), answer.head() + answer.text());
      assertKeepsToItself(answer);
    }
  }

  @Test
  void whoMayNotGoThereReadsNeitherTheAddressNorWhatIsAllowed() throws Exception {
    for (String accept : List.of(HTML, "")) {
      Answer answer = gateway.get("/gpsession?token=" + token("172.16.9.9").build(), accept);
      assertEquals(403, answer.status());
      assertFalse(answer.text().contains("172."), answer.text());
      assertFalse(answer.text().contains("10."), answer.text());
    }
  }

  @Test
  void aWrongNameLearnsNoOther() throws Exception {
    try (RawClient client = named.client()) {
      client.send("GET / HTTP/1.1\r\nHost: " + MARK + ".example\r\n" + HTML + "\r\n");
      Answer answer = client.answer();
      assertEquals(421, answer.status());
      assertFalse((answer.head() + answer.text()).contains(MARK), answer.text());
      assertFalse((answer.head() + answer.text()).contains("secret-tenant"), answer.text());
    }
  }

  @Test
  void aPageWithAFormSendsItToTheGatewayAlone() throws Exception {
    Answer home = gateway.get("/.gateway/", cookies(token("10.0.0.5")) + HTML);
    Answer once = gateway.get("/gpsession?token=" + token("10.0.0.5").claim("once", true).build());
    for (Answer page : List.of(home, once)) {
      assertEquals(200, page.status());
      assertTrue(policy(page).contains("; form-action 'self'; "), policy(page));
      assertKeepsToItself(page);
    }
    assertFalse(policy(once).contains("script-src"), policy(once));
    Answer bye =
        gateway.form("/.gateway/logout", "", cookies(token("10.0.0.5").claim("jti", "2")) + HTML);
    assertEquals(200, bye.status());
    assertTrue(policy(bye).contains("; form-action 'none'; "), policy(bye));
    assertKeepsToItself(bye);
  }

  @Test
  void jsonIsNoPageEither() throws Exception {
    for (String path : List.of("/.gateway/session", "/.gateway/health", "/.gateway/ready")) {
      Answer answer = gateway.get(path, token("10.0.0.5"));
      assertEquals(
          "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
          policy(answer));
      assertKeepsToItself(answer);
    }
  }

  @Test
  void whatATokenSaysIsTextOnTheGatewaysPages() throws Exception {
    TestTokens token = token("10.0.0.5").claim("vendor", "idrac9").claim("scope", List.of("read"));
    String home = gateway.get("/.gateway/", cookies(token) + HTML).text();
    String confirmation =
        gateway.get("/gpsession?token=" + token.claim("once", true).build()).text();
    for (String page : List.of(home, confirmation)) {
      assertTrue(page.contains("<dd>The &lt;idrac9&gt; &amp; co</dd>"), page);
      assertFalse(page.contains("<idrac9>"), page);
    }
  }

  private static String policy(Answer answer) {
    return answer.values("Content-Security-Policy").get(0);
  }

  private static void assertKeepsToItself(Answer answer) throws IOException {
    String policy = policy(answer);
    assertTrue(policy.startsWith("default-src 'none'; "), policy);
    assertTrue(policy.contains("; base-uri 'none'"), policy);
    // Where a BMC's page would have stood in a frame, it has to be seen why it doesn't.
    boolean isFailurePage =
        answer.status() >= 400 && answer.values("Content-Type").get(0).startsWith("text/html");
    String framedBy = isFailurePage ? "'self'" : "'none'";
    assertTrue(policy.contains("; frame-ancestors " + framedBy), policy);
    assertFalse(policy.contains("unsafe") || policy.contains("http"), policy);
    assertEquals(List.of("nosniff"), answer.values("X-Content-Type-Options"));
    assertEquals(List.of("no-store"), answer.values("Cache-Control"));
    assertEquals(1, answer.values("Referrer-Policy").size());
    assertTrue(answer.body().length < 4096, answer.text());
  }
}
