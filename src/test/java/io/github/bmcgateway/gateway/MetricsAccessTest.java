package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read the metrics. */
class MetricsAccessTest {
  private static final String PATH = "/.gateway/metrics";
  private static final String NAMED = "127.0.0.3";
  private static final String PROXY = "127.0.0.9";
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        GatewayFixture.builder(443)
            .yaml("session: {publicHosts: [pm.example.com]}")
            .yaml("gateway: {trustedProxies: 127.0.0.9}")
            .yaml("ops: {metricsAllow: [127.0.0.3, 127.0.0.9, 192.0.2.5, '2001:db8::/64']}")
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  private static Answer ask(String method, String from, String host, String headers)
      throws IOException {
    try (RawClient client = new RawClient(from, "localhost", gateway.port())) {
      client.send(method + " " + PATH + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n");
      return client.answer(method);
    }
  }

  private static void assertRead(String from, String host, String headers) throws IOException {
    Answer answer = ask("GET", from, host, headers);
    assertEquals(200, answer.status(), answer::text);
    assertTrue(answer.text().contains("bmc_gateway_ready 1"), answer::text);
    assertEquals("no-store", answer.values("Cache-Control").get(0));
  }

  private static void assertRefused(String from, String host, String headers) throws IOException {
    Answer answer = ask("GET", from, host, headers);
    assertEquals(403, answer.status(), answer::text);
    assertTrue(answer.text().contains("\"not_allowed\""), answer::text);
    assertFalse(answer.text().contains("bmc_gateway"), answer::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.3:8443", "127.0.0.3", "localhost", "LOCALHOST:1", "[::1]:8443"})
  void whoIsNamedReadsByAddressWhateverThePublicHosts(String host) throws Exception {
    assertRead(NAMED, host, "");
  }

  @Test
  void whoIsNotNamedReadsNothing() throws Exception {
    assertRefused("127.0.0.1", "127.0.0.1", "");
    assertRefused("127.0.0.4", "localhost", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 192.0.2.5",
        "x-forwarded-proto: https",
        "X-Forwarded-Host: localhost",
        "Forwarded: for=192.0.2.5",
        "Via: 1.1 front",
        "X-Real-IP: 192.0.2.5",
        "CF-Connecting-IP: 192.0.2.5",
        "CDN-Loop: cloudflare",
        "True-Client-IP: 192.0.2.5",
        "X-PM-Host: 10.0.0.5",
        "X-Original-URL: /",
      })
  void nobodyReadsThroughAProxy(String header) throws Exception {
    assertRefused(NAMED, "127.0.0.3", header + "\r\n");
  }

  @Test
  void throughATrustedProxyOnlyAClientReadsThatItNames() throws Exception {
    assertRead(PROXY, "localhost", "X-Forwarded-For: 198.51.100.1, 192.0.2.5\r\n");
    assertRead(PROXY, "localhost", "X-Forwarded-For: 2001:db8::7\r\n");
    assertRead(PROXY, "localhost", "");
    assertRefused(PROXY, "localhost", "X-Forwarded-For: 192.0.2.5, 198.51.100.1\r\n");
    assertRefused(PROXY, "localhost", "Via: 1.1 front\r\n");
    assertRefused(PROXY, "localhost", "X-Forwarded-For: unknown\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pm.example.com", "localhost.example.com", "127.0.0.3.example.com", "10.0.0.256"})
  void nobodyReadsUnderAName(String host) throws Exception {
    assertRefused(NAMED, host, "");
  }

  @Test
  void nobodyReadsUnderANameThatATrustedProxyWasAskedFor() throws Exception {
    String client = "X-Forwarded-For: 192.0.2.5\r\n";
    assertRefused(PROXY, "localhost", client + "X-Forwarded-Host: pm.example.com\r\n");
    assertRead(PROXY, "localhost", client + "X-Forwarded-Host: 192.0.2.80\r\n");
    assertRefused(PROXY, "pm.example.com", client + "X-Forwarded-Host: 192.0.2.80\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: cross-site",
        "Origin: https://localhost",
        "Origin: null",
      })
  void noPageReads(String header) throws Exception {
    assertRefused(NAMED, "localhost", header + "\r\n");
  }

  @Test
  void aPersonWhoOpensTheUrlReads() throws Exception {
    assertRead(NAMED, "localhost", "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n");
  }

  @Test
  void onlyReadingIsThere() throws Exception {
    assertEquals(200, ask("HEAD", NAMED, "localhost", "").status());
    Answer answer = ask("POST", NAMED, "localhost", "Content-Length: 0\r\n");
    assertEquals(405, answer.status());
    assertEquals("GET, HEAD", answer.values("Allow").get(0));
    assertEquals(403, ask("POST", "127.0.0.4", "localhost", "Content-Length: 0\r\n").status());
  }
}
