package io.github.bmcgateway.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailurePagesTest {
  private static final String HTML = "Accept: text/html,application/xhtml+xml\r\n";

  /** Failures of the gateway or the BMC that go on until somebody does something. */
  private static final Set<Failure> LASTING =
      EnumSet.of(
          Failure.BMC_TLS,
          Failure.UPSTREAM_TLS,
          Failure.LOOP,
          Failure.REVOCATIONS_FULL,
          Failure.NO_CONSOLE,
          Failure.NOT_ROOT);

  private static final Set<Failure> OF_A_SESSION =
      EnumSet.of(
          Failure.SCOPE_DENIED,
          Failure.BMC_UNREACHABLE,
          Failure.BMC_TLS,
          Failure.BMC_PROTOCOL,
          Failure.BUSY,
          Failure.SPOOL_FULL,
          Failure.TOO_MANY_CONSOLES,
          Failure.ALL_CONSOLES_TAKEN,
          Failure.NO_CONSOLE,
          Failure.BMC_TIMEOUT,
          Failure.UPSTREAM_UNREACHABLE,
          Failure.UPSTREAM_TLS,
          Failure.UPSTREAM_TIMEOUT,
          Failure.LOOP);

  private static JettyFront front;

  @BeforeAll
  static void start() throws Exception {
    front = JettyFront.start(context -> context.addServlet(new ServletHolder(new Fails()), "/*"));
  }

  @AfterAll
  static void stop() throws Exception {
    front.close();
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void aPersonReadsWhatHappenedAndWhatToDo(Failure failure) throws Exception {
    Answer answer = get("GET", failure.name(), HTML);
    assertEquals(failure.status(), answer.status());
    assertEquals(List.of("text/html;charset=utf-8"), answer.values("Content-Type"));
    assertTrue(answer.text().contains(failure.status() + " " + failure.code()));
    String heading = group("<h1>(.*)</h1>", answer.text());
    String advice = group("<p>(.*)</p>", answer.text());
    assertTrue(heading.endsWith("."), heading);
    assertTrue(advice.endsWith("."), advice);
    assertFalse(answer.text().contains("<script"));
    assertTrue(answer.body().length < 4096, answer::text);
    assertEquals(List.of("no-referrer"), answer.values("Referrer-Policy"));
    assertEquals(List.of("no-store"), answer.values("Cache-Control"));
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void aProgramReadsTheCode(Failure failure) throws Exception {
    Answer answer = get("GET", failure.name(), "Accept: application/json\r\n");
    assertEquals(failure.status(), answer.status());
    JsonNode body = JsonMapper.builder().build().readTree(answer.text());
    assertEquals(failure.code(), body.get("error").textValue());
    assertEquals(failure.message(), body.get("message").textValue());
    assertEquals(2, body.size());
    assertEquals(failure.retryable(), answer.has("Retry-After"));
  }

  @Test
  void thePolicyLetsThePagesOwnStyleApplyAndNothingElse() throws Exception {
    Answer answer = get("GET", "BUSY", HTML);
    String style = group("(?s)<style>(.*)</style>", answer.text());
    String hash =
        Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8)));
    String policy = answer.values("Content-Security-Policy").get(0);
    assertEquals(
        "default-src 'none'; style-src 'sha256-"
            + hash
            + "'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
        policy);
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void nothingOfTheRequestIsRepeated(Failure failure) throws Exception {
    String marks =
        "X-Mark: m4rk\r\nReferer: https://m4rk/\r\nCookie: m4rk=m4rk\r\nOrigin: https://m4rk\r\n";
    for (String accept : List.of(HTML, "Accept: m4rk\r\n")) {
      Answer answer = get("GET", failure.name() + "?token=m4rk&m4rk", accept + marks);
      assertEquals(failure.status(), answer.status());
      assertFalse((answer.head() + answer.text()).contains("m4rk"), answer::text);
      assertFalse(answer.text().contains(failure.name()), answer::text);
    }
  }

  /** An address, a port or a version would have one. */
  @ParameterizedTest
  @EnumSource(Failure.class)
  void noMessageNamesAMachine(Failure failure) {
    assertFalse(failure.message().matches("(?is).*([0-9]|idrac|\\bilo\\b|asrock|jetty).*"));
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void whatMayPassCanBeTriedAgain(Failure failure) throws Exception {
    boolean offered =
        get("GET", failure.name(), HTML).text().contains("<a class=\"main\" href=\"\">");
    boolean fails = failure.status() >= 500 || failure.status() == 429;
    assertEquals(fails && !LASTING.contains(failure), offered);
    assertFalse(get("POST", failure.name(), HTML).text().contains("href=\"\""));
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void onlyWhoHasASessionIsSentToIt(Failure failure) throws Exception {
    boolean sent = get("GET", failure.name(), HTML).text().contains("href=\"/.gateway/\"");
    assertEquals(OF_A_SESSION.contains(failure), sent);
  }

  @Test
  void whoHasToWaitReadsHowLong() throws Exception {
    Answer answer = get("GET", "WAIT", HTML);
    assertEquals(429, answer.status());
    assertEquals(List.of("38"), answer.values("Retry-After"));
    assertTrue(answer.text().contains("That is possible in 38 s."), answer::text);
  }

  @ParameterizedTest
  @CsvSource({
    "navigate, text/html;charset=utf-8",
    "cors, application/json",
    "same-origin, application/json",
    "no-cors, application/json"
  })
  void aScriptThatAcceptsHtmlIsNoNavigation(String mode, String type) throws Exception {
    Answer answer = get("GET", "BUSY", HTML + "Sec-Fetch-Mode: " + mode + "\r\n");
    assertEquals(List.of(type), answer.values("Content-Type"));
  }

  @Test
  void headHasTheHeadersOnly() throws Exception {
    try (RawClient client = new RawClient(front.port())) {
      assertEquals(502, client.request("HEAD", "/BMC_TLS", HTML).status());
      assertEquals(504, client.get("/BMC_TIMEOUT", "").status());
    }
  }

  @Test
  void whatWasSetBeforeTheFailureIsGone() throws Exception {
    Answer answer = get("GET", "NOT_FOUND", "");
    assertFalse(answer.has("Set-Cookie"));
    assertFalse(answer.has("Clear-Site-Data"));
  }

  @Test
  void aMethodThatIsNotAllowedComesWithThoseThatAre() throws Exception {
    Answer answer = get("GET", "METHOD", "");
    assertEquals(405, answer.status());
    assertEquals(List.of("POST"), answer.values("Allow"));
  }

  private static String group(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern);
    return matcher.group(1);
  }

  private static Answer get(String method, String failure, String headers) throws IOException {
    try (RawClient client = new RawClient(front.port())) {
      return client.request(method, "/" + failure, headers);
    }
  }

  private static final class Fails extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.addHeader("Set-Cookie", "a=b");
      response.addHeader("Clear-Site-Data", "\"cache\"");
      String name = request.getRequestURI().substring(1);
      if ("METHOD".equals(name)) {
        FailurePages.methodNotAllowed(request, response, "POST");
      } else if ("WAIT".equals(name)) {
        FailurePages.tooMany(request, response, Limit.LINKS, Duration.ofMillis(37_001));
      } else {
        FailurePages.send(request, response, Failure.valueOf(name));
      }
    }
  }
}
