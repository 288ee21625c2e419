package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser, or somebody who only looks like one, may send that makes no sense. */
class BadInputTest {
  private static ScriptedBmc bmc;
  private static GatewayFixture gateway;
  private static String cookie;
  private int before;

  @BeforeAll
  static void start() throws Exception {
    bmc = ScriptedBmc.start(exchange -> exchange.ok("", "page"));
    gateway = GatewayFixture.start(bmc.port());
    cookie = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "generic") + "\r\n";
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @BeforeEach
  void count() {
    before = bmc.exchanges().size();
  }

  @AfterEach
  void theGatewayKeepsServing() throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      assertEquals("page", browser.get("/", cookie).text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/../gpsession",
        "//gpsession",
        "/%67psession",
        "/gpsession;a=b",
        "/./gpsession?token=x",
        "/%2e/.gateway/",
        "/%2egateway/session",
        "/.gateway/../page",
        "/.gateway//session",
        "/a/%2e%2e/.gateway/logout",
        "/a\\..\\.gateway/session",
        "//.gateway/session",
        "/.%67ateway/session"
      })
  void aTargetThatOnlyMeansAReservedPathIsRefused(String target) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      assertEquals(400, browser.get(target, cookie).status());
    }
    assertEquals(before, bmc.exchanges().size(), "requests that reached the BMC");
  }

  @ParameterizedTest
  @CsvSource({"TRACE, 405", "TRACK, 405"})
  void methodsThatNoBmcMaySeeAreRefused(String method, int status) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      assertEquals(status, browser.request(method, "/", cookie).status());
    }
    assertEquals(before, bmc.exchanges().size());
  }

  @Test
  void connectIsRefused() throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send("CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n" + cookie + "\r\n");
      Answer answer = browser.answer();
      assertTrue(List.of(400, 405).contains(answer.status()), answer.head());
    }
    assertEquals(before, bmc.exchanges().size());
  }

  @Test
  void anAbsoluteTargetGoesWhereTheTokenSaysAndNowhereElse() throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send(
          "GET https://elsewhere.example/x HTTP/1.1\r\nHost: elsewhere.example\r\n"
              + cookie
              + "\r\n");
      Answer answer = browser.answer();
      assertTrue(List.of(200, 400).contains(answer.status()), answer.head());
    }
    if (bmc.exchanges().size() > before) {
      assertEquals("GET /x HTTP/1.1", bmc.last().requestLine());
      assertEquals(List.of("127.0.0.1:" + bmc.port()), bmc.last().values("Host"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 1e1\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "A: b\n\r\n",
        "A: b\n\n",
        "A: b\r\n c\r\n\r\n",
        "A: b\0c\r\n\r\n",
        "A\0: b\r\n\r\n",
        "A : b\r\n\r\n",
        "A\r\n\r\n",
        "Host: other\r\n\r\n"
      })
  void aHeadThatCanBeReadInTwoWaysIsRefused(String rest) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send("POST /x HTTP/1.1\r\nHost: localhost\r\n" + cookie + rest);
      assertEquals(400, browser.answer().status());
    }
    assertEquals(before, bmc.exchanges().size(), "requests that reached the BMC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5;a=\"\r\n\r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "x\r\n"})
  void aBodyWhoseChunksAreOddIsRefusedAndNothingFollowsIt(String body) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send(
          "POST /x HTTP/1.1\r\nHost: localhost\r\n"
              + cookie
              + "Transfer-Encoding: chunked\r\n\r\n"
              + body
              + "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n"
              + cookie
              + "\r\n");
      assertEquals(400, browser.answer().status());
    }
    for (ScriptedBmc.Exchange exchange : bmc.exchanges()) {
      assertFalse(exchange.requestLine().contains("smuggled"));
    }
  }

  @Test
  void aHeadThatIsTooLargeIsToldSo() throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      assertEquals(431, browser.get("/x", "A: " + "a".repeat(40_000) + "\r\n").status());
    }
    try (RawClient browser = new RawClient(gateway.port())) {
      assertEquals(200, browser.get("/x", cookie + "A: " + "a".repeat(20_000) + "\r\n").status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a//b", "/a%2fb", "/100%25", "/a|b", "/a[1]?b[2],", "/a%5cb", "/a;b=c"})
  void oddTargetsOfBmcPagesPass(String target) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      assertEquals(200, browser.get(target, cookie).status());
    }
    assertEquals("GET " + target + " HTTP/1.1", bmc.last().requestLine());
  }
}
