package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.journey.PageCheck.Look;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.Keys;

/** Every page of the gateway itself, in both colour schemes, on a desk and on a phone. */
class OwnPagesIT {
  private static final String LONG_NAME = "rack-17." + "r".repeat(60) + ".lab.example";
  private static final String HTML = "Accept: text/html\r\n";
  private static final String HOME = "/.gateway/";

  /** What somebody who changes the pages should look at, in {@code target/screenshots}. */
  private static final Set<String> PICTURED =
      Set.of("session", "question-link", "failure-no_session", "failure-bmc_unreachable");

  private static final KeyStore KEYS = TestCertificates.localhost();

  private static volatile boolean answering;
  private static ScriptedBmc bmc;
  private static GatewayFixture gateway;
  private static JettyFront failing;
  private static Browser browser;
  private static PageCheck check;

  /** Fails as the path says. */
  private static final class Failing extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String name = request.getRequestURI().substring(1);
      FailurePages.send(request, response, Failure.valueOf(name));
    }
  }

  @BeforeAll
  static void start() throws Exception {
    bmc =
        ScriptedBmc.start(
            exchange -> {
              if (answering) {
                exchange.ok(
                    "Content-Type: text/html\r\n",
                    exchange.requestLine().contains("/framing")
                        ? "<iframe src='/.gateway/'></iframe>"
                        : "<p id=bmc>The BMC</p>");
              } else {
                exchange.socket().close();
              }
            });
    gateway = GatewayFixture.builder(bmc.port()).keys(KEYS).start();
    failing =
        JettyFront.start(
            KEYS, context -> context.addServlet(new ServletHolder(new Failing()), "/"));
    browser = Browser.start(KEYS);
    check = new PageCheck(browser);
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
    failing.close();
    gateway.close();
    bmc.close();
  }

  @BeforeEach
  void switchOn() {
    answering = true;
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void aFailure(Failure failure) throws Exception {
    browser.open(failing.origin() + "/" + failure.name());
    assertSound("failure-" + failure.name().toLowerCase(Locale.ROOT));
  }

  @Test
  void aSessionAndItsEndByKeyboard() throws Exception {
    enter(Map.of("host", LONG_NAME, "scope", List.of("console", "read", "GET /a/**")));
    browser.open(gateway.origin() + HOME);
    assertSound("session");
    browser.press(Keys.TAB);
    assertFocusIsVisible("Go to the management controller");
    browser.press(Keys.TAB);
    assertFocusIsVisible("Log out");
    browser.press(Keys.ENTER);
    browser.waitUntil("document.title === 'You are logged out'");
    assertSound("logged-out");
  }

  @Test
  void theQuestionBeforeALinkThatWorksOnce() throws Exception {
    browser.open(gateway.link(token(Map.of("once", true, "host", LONG_NAME))));
    assertEquals("Open this server?", browser.evaluate("document.title"));
    assertSound("question-once");
  }

  @Test
  void theQuestionBeforeALinkOnAnotherSite() throws Exception {
    enter(Map.of("host", LONG_NAME));
    try (Portal portal = new Portal()) {
      portal.offer(gateway.origin(), token(Map.of("host", "bmc-6.lab")));
      for (String way : List.of("link", "form")) {
        browser.open(portal.url());
        browser.click("#" + way);
        browser.waitUntil("document.title === 'Leave one server for another?'");
        assertSound("question-" + way);
      }
    }
  }

  @Test
  void aConsoleThatNoBrowserOpens() throws Exception {
    enter(Map.of("vendor", "idrac8"));
    browser.open(gateway.origin() + "/viewer.jnlp(x)");
    assertTrue(browser.text().contains("HTML5"), browser.text());
    assertSound("hint");
  }

  @Test
  void whoFindsItsServerAwayTriesAgainAndIsToldNoName() throws Exception {
    enter(Map.of("host", LONG_NAME));
    answering = false;
    browser.open(gateway.origin() + "/page?with=query");
    String page = (String) browser.evaluate("document.documentElement.outerHTML");
    assertFalse(page.contains("127.0") || page.contains("lab.example"), page);
    assertFalse(page.contains(Integer.toString(bmc.port())), page);
    answering = true;
    browser.click("a.main");
    browser.find("#bmc");
    assertEquals(gateway.origin() + "/page?with=query", browser.url());
    assertTrue(
        bmc.exchanges().stream()
            .anyMatch(exchange -> exchange.requestLine().startsWith("GET /page?with=query ")));
    answering = false;
    browser.open(gateway.origin() + "/page");
    browser.click(".actions a:not(.main)");
    browser.waitUntil("document.title === 'Your session'");
  }

  /** Even a page of the BMC, whose origin is the gateway's. */
  @Test
  void noPageShowsThemInAFrame() throws Exception {
    enter(Map.of());
    browser.open(gateway.origin() + "/framing");
    browser.waitFor(
        "the refusal to show the frame",
        () -> browser.consoleLog().stream().anyMatch(line -> line.contains("frame-ancestors")));
    assertEquals(null, browser.evaluate("document.querySelector('iframe').contentDocument"));
  }

  @Test
  void allOfThemAreValidHtml(@TempDir Path folder) throws Exception {
    List<Path> files = new ArrayList<>();
    try (RawClient client = new RawClient(failing.port())) {
      for (Failure failure : Failure.values()) {
        files.add(saved(folder, client.get("/" + failure.name(), HTML)));
      }
    }
    String cookie = "Cookie: pm-session=" + token(Map.of("vendor", "idrac8")) + "\r\n" + HTML;
    String departure = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n";
    String there = "/gpsession?token=" + token(Map.of("host", "bmc-6.lab"));
    try (RawClient client = new RawClient(gateway.port())) {
      files.add(saved(folder, client.get(HOME, cookie)));
      files.add(saved(folder, client.get("/viewer.jnlp(x)", cookie)));
      files.add(saved(folder, client.get(there, cookie + departure)));
      files.add(
          saved(folder, client.get(there, "Cookie: pm-session-live=1\r\n" + HTML + departure)));
      files.add(
          saved(
              folder,
              client.request("POST", "/.gateway/logout", cookie + "Content-Length: 0\r\n")));
    }
    assertEquals("", PageCheck.invalidHtml(files));
  }

  private static Path saved(Path folder, RawClient.Answer page) throws IOException {
    assertEquals(List.of("text/html;charset=utf-8"), page.values("Content-Type"), page.text());
    return Files.write(Files.createTempFile(folder, "page", ".html"), page.body());
  }

  private static void assertSound(String name) throws IOException {
    assertEquals(List.of(), check.findings(), name);
    if (PICTURED.contains(name)) {
      for (Look look : Look.values()) {
        check.wear(look);
        browser.screenshot("own-" + name + "-" + look.name().toLowerCase(Locale.ROOT));
      }
    }
    assertEquals(
        List.of(), browser.consoleLog().stream().filter(l -> l.contains("Policy")).toList());
  }

  private static void assertFocusIsVisible(String text) {
    assertEquals(text, browser.evaluate("document.activeElement.textContent"));
    assertEquals(
        "solid 3px",
        browser.evaluate(
            "(style => style.outlineStyle + ' ' + style.outlineWidth)"
                + "(getComputedStyle(document.activeElement))"));
  }

  private static void enter(Map<String, ?> claims) {
    browser.open(gateway.link(token(claims)));
  }

  private static String token(Map<String, ?> claims) {
    return Tokens.mint(
        bmc.port(),
        600,
        more -> {
          more.claim("vendor", "generic");
          claims.forEach(more::claim);
        });
  }
}
