package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that a container could take for something else reach the BMC byte for byte. */
class OddTargetsTest {
  private static ScriptedBmc bmc;
  private static GatewayFixture gateway;
  private static String cookie;

  @BeforeAll
  static void start() throws Exception {
    bmc =
        ScriptedBmc.start(
            exchange -> {
              exchange.body();
              exchange.ok("", "page");
            });
    gateway = GatewayFixture.start(bmc.port());
    cookie = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "generic") + "\r\n";
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//a[b",
        "//a|b",
        "//a:b/c",
        "//user@host:99999/c",
        "//a%2fb|[c],",
        "///a",
        "/a%25%2fb"
      })
  void arriveWithAndWithoutABodyOfUnknownLength(String target) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      assertEquals("page", browser.get(target, cookie).text());
      browser.send(
          "POST "
              + target
              + "?q=[1] HTTP/1.1\r\nHost: localhost\r\n"
              + cookie
              + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
      assertEquals("page", browser.answer().text());
    }
    int last = bmc.exchanges().size() - 1;
    assertEquals("GET " + target + " HTTP/1.1", bmc.exchanges().get(last - 1).requestLine());
    assertEquals("POST " + target + "?q=[1] HTTP/1.1", bmc.exchanges().get(last).requestLine());
  }
}
