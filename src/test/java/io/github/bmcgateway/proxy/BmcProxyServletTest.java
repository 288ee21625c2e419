package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BmcProxyServletTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a/b.html?x=1&y=%2C,+",
        "//a//b/",
        "/viewer.jnlp(10.0.0.1@0@a+b@1@ST1=x)",
        "/data?get=consolepreview[auto%20123],",
        "/a%2fb/%25/c|d/%C3%A9",
        "/a;b=c/d?",
        "/x?y=http://z//"
      })
  void theTargetArrivesByteForByte(String target) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "fine"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get(target, "");

      assertEquals("fine", answer.text());
      assertEquals("GET " + target + " HTTP/1.1", bmc.last().requestLine());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_095, 8_191, 8_192, 16_383, 16_384, 16_385, 40_000})
  void aBodyOfEachLengthArrivesWithIt(int length) throws Exception {
    String body = "b".repeat(length);
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", body));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      for (int time = 0; time < 2; time++) {
        Answer answer = browser.get("/", "");

        assertEquals(List.of(Integer.toString(length)), answer.values("Content-Length"));
        assertEquals(body, answer.text());
      }
    }
  }

  @Test
  void aBmcSeesItsOwnNameAndNothingOfTheGateway() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.get(
          "/a",
          "Origin: "
              + gateway.origin()
              + "\r\n"
              + "Referer: "
              + gateway.origin()
              + "/page?q=1\r\n"
              + "Cookie: a=1; pm-session=secret; PM-Session-Live=1; b=\"2 3\"\r\n"
              + "Cookie: PM-Session=secret; c=4\r\n"
              + "Connection: keep-alive, X-Odd\r\n"
              + "X-Odd: 1\r\n"
              + "X-Forwarded-For: 1.2.3.4\r\n"
              + "Forwarded: for=1.2.3.4\r\n"
              + "Via: 1.1 proxy\r\n"
              + "X-Real-IP: 1.2.3.4\r\n"
              + "CF-Connecting-IP: 1.2.3.4\r\n"
              + "X-PM-Host: 10.0.0.1\r\n"
              + "X-HTTP-Method-Override: DELETE\r\n"
              + "Proxy-Authorization: x\r\n"
              + "TE: trailers\r\n"
              + "ST2: 0123\r\n"
              + "x-auth-token: t\r\n");

      String own = "127.0.0.1:" + bmc.port();
      assertEquals(List.of(own), bmc.last().values("Host"));
      assertEquals(List.of("https://" + own), bmc.last().values("Origin"));
      assertEquals(List.of("https://" + own + "/page?q=1"), bmc.last().values("Referer"));
      assertEquals(List.of("a=1; b=\"2 3\"; c=4"), bmc.last().values("Cookie"));
      assertEquals(List.of("0123"), bmc.last().values("ST2"));
      assertEquals(List.of("t"), bmc.last().values("X-Auth-Token"));
      String head = bmc.last().head().toLowerCase(java.util.Locale.ROOT);
      for (String name :
          List.of(
              "x-odd",
              "forwarded",
              "via",
              "x-real-ip",
              "cf-",
              "x-pm-",
              "override",
              "proxy-",
              "te:",
              "user-agent",
              "secret")) {
        assertFalse(head.contains("\n" + name) || head.contains("secret"), name + " in " + head);
      }
    }
  }

  @Test
  void aRefererThatNamesTheGatewaysOwnPagesOrAnotherSiteStaysBehind() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.get("/a", "Referer: " + gateway.origin() + "/.gateway/session\r\n");
      assertEquals(List.of(), bmc.last().values("Referer"));

      browser.get("/a", "Referer: https://panel.example/customer/17\r\n");
      assertEquals(List.of(), bmc.last().values("Referer"));
    }
  }

  @Test
  void headersKeepTheirQuotesAndWhatReachesFurtherThanTheBmcIsDropped() throws Exception {
    String own = "https://127.0.0.1:%d";
    AtomicReference<String> origin = new AtomicReference<>();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok(
                        "Content-Disposition: attachment; filename=\"a, b.txt\"\r\n"
                            + "WWW-Authenticate: Digest realm=\"x\", nonce=\"y,z\"\r\n"
                            + "Set-Cookie: a=\"q v\"; Path=/; Domain=bmc; HttpOnly\r\n"
                            + "Set-Cookie: b=1; secure\r\n"
                            + "Set-Cookie: PM-Session=stolen\r\n"
                            + "Strict-Transport-Security: max-age=1\r\n"
                            + "Clear-Site-Data: \"cookies\"\r\n"
                            + "Service-Worker-Allowed: /\r\n"
                            + "Access-Control-Allow-Origin: *\r\n"
                            + "Alt-Svc: h3=\":443\"\r\n"
                            + "NEL: {}\r\n"
                            + "X-Frame-Options: SAMEORIGIN\r\n"
                            + "Location: "
                            + origin.get()
                            + "/start.html?a=1#b\r\n"
                            + "Link: <"
                            + origin.get()
                            + "/s.css>; rel=preload, </t.js>\r\n"
                            + "Server: Apache\r\n",
                        "x"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      origin.set(own.formatted(bmc.port()));
      Answer answer = browser.get("/a", "");

      assertEquals(
          List.of("attachment; filename=\"a, b.txt\""), answer.values("Content-Disposition"));
      assertEquals(List.of("Digest realm=\"x\", nonce=\"y,z\""), answer.values("WWW-Authenticate"));
      assertEquals(
          List.of("a=\"q v\"; Path=/; HttpOnly; Secure", "b=1; secure"),
          answer.values("Set-Cookie"));
      assertEquals(List.of("/start.html?a=1#b"), answer.values("Location"));
      assertEquals(List.of("</s.css>; rel=preload, </t.js>"), answer.values("Link"));
      assertEquals(List.of("SAMEORIGIN"), answer.values("X-Frame-Options"));
      assertEquals(List.of("Apache"), answer.values("Server"));
      assertEquals(List.of("1"), answer.values("Content-Length"));
      for (String name :
          List.of(
              "Strict-Transport-Security",
              "Clear-Site-Data",
              "Service-Worker-Allowed",
              "Access-Control-Allow-Origin",
              "Alt-Svc",
              "NEL",
              "X-Content-Type-Options")) {
        assertFalse(answer.has(name), name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cache-Control: public, max-age=86400 | private, no-cache",
        "Expires: Thu, 01 Jan 2099 00:00:00 GMT | private, no-cache",
        "ETag: \"1\" | private, no-cache",
        "Cache-Control: no-cache, No-Store | no-store",
      })
  void noAnswerIsUsedAgainForAnotherBmcWithoutAsking(String header, String expected)
      throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok(header + "\r\n", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/", "");

      assertEquals(List.of(expected), answer.values("Cache-Control"));
      assertFalse(answer.has("Expires"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://elsewhere.example/a", "//elsewhere.example/", "/own", "own?a"})
  void aLocationThatIsNotTheBmcsOwnAuthorityStays(String location) throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(exchange -> exchange.ok("Location: " + location + "\r\n", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(List.of(location), browser.get("/", "").values("Location"));
    }
  }

  @Test
  void anEmptyPostArrivesWithItsLengthOfZero() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.request("POST", "/data?get=a,", "Content-Length: 0\r\n");

      assertEquals(List.of("0"), bmc.last().values("Content-Length"));
      assertFalse(bmc.last().head().contains("Transfer-Encoding"));
      assertFalse(bmc.last().head().contains("Content-Type"));
    }
  }

  @Test
  void aBodyOfKnownLengthArrivesWholeAndWithItsLength() throws Exception {
    AtomicReference<byte[]> received = new AtomicReference<>();
    byte[] body = pattern(3_000_000);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  received.set(exchange.body());
                  exchange.ok("", "stored");
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send(
          "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n"
              + "Expect: 100-continue\r\n\r\n");
      browser.out().write(body);
      browser.out().flush();

      assertEquals("stored", browser.answer().text());
      assertArrayEquals(body, received.get());
      assertEquals(List.of("3000000"), bmc.last().values("Content-Length"));
      assertEquals(List.of(), bmc.last().values("Content-Type"));
      assertEquals(List.of(), bmc.last().values("Expect"));
      assertFalse(bmc.last().head().contains("Transfer-Encoding"));
    }
  }

  @Test
  void aChunkedBodyIsSpooledAndArrivesWithItsLength() throws Exception {
    AtomicReference<byte[]> received = new AtomicReference<>();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  received.set(exchange.body());
                  exchange.ok("", "stored");
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer =
          browser
              .send(
                  "PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n")
              .answer();

      assertEquals("stored", answer.text());
      assertEquals("hello, world", new String(received.get(), StandardCharsets.UTF_8));
      assertEquals(List.of("12"), bmc.last().values("Content-Length"));
      Eventually.holds("spool file deleted", () -> isEmpty(gateway));
    }
  }

  @Test
  void aChunkedBodyOverTheSpoolsLimitIsRefusedAndLeavesNothingBehind() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      browser.sendIfTaken("30D40\r\n" + "x".repeat(200_000) + "\r\n0\r\n\r\n");

      assertEquals(413, browser.answer().status());
      assertEquals(List.of(), bmc.exchanges());
      Eventually.holds("spool file deleted", () -> isEmpty(gateway));
    }
  }

  @Test
  void aBrowserThatLeavesInTheMiddleOfAChunkedBodyLeavesNothingBehind() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port())) {
      try (RawClient browser = new RawClient(gateway.port())) {
        browser.send("PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        browser.send("5\r\nhello\r\n");
        Eventually.holds("spool file there", () -> !isEmpty(gateway));
      }

      Eventually.holds("spool file deleted", () -> isEmpty(gateway));
      assertEquals(List.of(), bmc.exchanges());
    }
  }

  @Test
  void eventsArriveWhenTheyHappenAndTheHeadBeforeTheFirst() throws Exception {
    CountDownLatch headSeen = new CountDownLatch(1);
    CountDownLatch firstSeen = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say(
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                          + "Transfer-Encoding: chunked\r\n\r\n");
                  await(headSeen);
                  exchange.say("9\r\ndata: 1\n\n\r\n");
                  await(firstSeen);
                  exchange.say("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("GET /sse HTTP/1.1\r\nHost: localhost\r\n\r\n");
      skipHead(browser);
      headSeen.countDown();
      assertEquals("9", browser.line());
      assertEquals("data: 1", browser.line());
      firstSeen.countDown();
      browser.line();
      browser.line();
      assertEquals("9", browser.line());
      assertEquals("data: 2", browser.line());
    }
  }

  @Test
  void aHundredMegabytesWithoutLengthArriveWholeWhileTheBrowserReadsSlowly() throws Exception {
    byte[] block = pattern(1 << 20);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                  for (int i = 0; i < 100; i++) {
                    exchange.out().write(block);
                  }
                  exchange.socket().close();
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/big", "");

      assertTrue(answer.complete());
      assertEquals(100 << 20, answer.body().length);
      assertArrayEquals(block, java.util.Arrays.copyOfRange(answer.body(), 99 << 20, 100 << 20));
    }
  }

  @Test
  void anAnswerThatTheBmcCutsIsCutForTheBrowserToo() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                  exchange.socket().close();
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/cut", "");

      assertEquals("hello", answer.text());
      assertFalse(answer.complete());
    }
  }

  @Test
  void theBmcIsLetGoWhenTheBrowserLeavesInTheMiddleOfADownload() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say("HTTP/1.1 200 OK\r\n\r\n");
                  while (true) {
                    exchange.out().write(pattern(10_000));
                  }
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port())) {
      try (RawClient browser = new RawClient(gateway.port())) {
        browser.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
        browser.in().readNBytes(100_000);
      }
      Eventually.holds("connection released", () -> bmc.openConnections() == 0);
      Eventually.holds("off the register", () -> gateway.session.running() == 0);
    }
  }

  @Test
  void theBmcIsLetGoWhenTheBrowserLeavesInTheMiddleOfAnUpload() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.body();
                  exchange.ok("", "");
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port())) {
      try (RawClient browser = new RawClient(gateway.port())) {
        browser.send("POST /u HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
        browser.out().write(pattern(300_000));
        browser.out().flush();
        Eventually.holds("upload begun", () -> bmc.openConnections() == 1);
      }
      Eventually.holds("connection released", () -> bmc.openConnections() == 0);
    }
  }

  @Test
  void logOutCutsARunningDownload() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say("HTTP/1.1 200 OK\r\n\r\nbegin");
                  exchange.in().read();
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("GET /d HTTP/1.1\r\nHost: localhost\r\n\r\n");
      skipHead(browser);
      assertEquals("5", browser.line());
      assertEquals("begin", browser.line());
      gateway.session.end(End.LOGGED_OUT);

      assertEquals("", browser.line(), "no last chunk: the answer is cut, and looks cut");
      Eventually.holds("connection released", () -> bmc.openConnections() == 0);
      try (RawClient again = new RawClient(gateway.port())) {
        assertEquals(401, again.get("/", "").status());
      }
    }
  }

  @Test
  void aBrowserThatCannotTakeGzipGetsPlainBytesOfABmcThatSpeaksNothingElse() throws Exception {
    byte[] gzip = gzip("plain text, well known");
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say(
                      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nETag: \"x\"\r\n"
                          + "Accept-Ranges: bytes\r\nContent-Length: "
                          + gzip.length
                          + "\r\n\r\n");
                  exchange.out().write(gzip);
                  exchange.out().flush();
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      Answer plain = browser.get("/restgui/start.html", "");
      assertEquals("plain text, well known", plain.text());
      assertEquals(List.of("W/\"x\""), plain.values("ETag"));
      assertFalse(plain.has("Content-Encoding"));
      assertFalse(plain.has("Accept-Ranges"));
      assertEquals(List.of("gzip"), bmc.last().values("Accept-Encoding"));

      Answer coded = browser.get("/restgui/start.html", "Accept-Encoding: br, gzip\r\n");
      assertArrayEquals(gzip, coded.body());
      assertEquals(List.of("gzip"), coded.values("Content-Encoding"));
      assertEquals(List.of("\"x\""), coded.values("ETag"));
    }
  }

  private static void skipHead(RawClient browser) throws IOException {
    while (!browser.line().isEmpty()) {
      continue;
    }
  }

  private static boolean isEmpty(ProxyFixture gateway) {
    try {
      return gateway.spoolFiles().isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IOException("nobody read what was sent");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }
}
