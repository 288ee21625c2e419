package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Promptly;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile BMC or browser may try, and what must not come through. */
class HostileTrafficTest {

  @Test
  void aSpooledBodyOfASessionThatEndedMeanwhileLeavesNothingBehind() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      browser.send("5\r\nhello\r\n");
      Eventually.holds("spooling", () -> spoolFiles(gateway) == 1);
      gateway.session.end(End.LOGGED_OUT);
      browser.send("0\r\n\r\n");

      assertEquals(401, browser.answer().status());
      assertEquals(List.of(), bmc.exchanges());
      Eventually.holds("spool file deleted", () -> spoolFiles(gateway) == 0);
    }
  }

  @Test
  void logOutCutsABodyThatIsStillBeingSpooled() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      browser.send("5\r\nhello\r\n");
      Eventually.holds("on the register", () -> gateway.session.running() == 1);
      gateway.session.end(End.LOGGED_OUT);
      browser.send("5\r\nworld\r\n");

      assertEquals(401, browser.answer().status());
      Eventually.holds("spool file deleted", () -> spoolFiles(gateway) == 0);
      Eventually.holds("off the register", () -> gateway.session.running() == 0);
    }
  }

  @Test
  void aBodyThatCannotBeSpooledIsAnsweredAtOnce() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      Files.delete(gateway.spoolDir);
      browser.send("PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      browser.send("5\r\nhello\r\n0\r\n\r\n");

      assertEquals(503, browser.answer().status());
      assertEquals(List.of(), bmc.exchanges());
    }
  }

  @Test
  void theBodyThatABmcSendsToAHeadIsNobodysAnswer() throws Exception {
    String body = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (exchange.requestLine().startsWith("GET")) {
                    exchange.ok("", "good");
                    return;
                  }
                  exchange.say("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n");
                  LockSupport.parkNanos(100_000_000);
                  exchange.say(body);
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(200, browser.request("HEAD", "/a", "").status());
      assertEquals("good", browser.get("/b", "").text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=pm-session=evil; Path=/",
        "= pm-session=evil",
        " =\tPM-Session=evil",
        "pm-session-live=; Max-Age=0",
        "pm-session"
      })
  void aCookieThatBrowsersSendBackUnderTheGatewaysNameIsRefused(String cookie) throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> exchange.ok("Set-Cookie: " + cookie + "\r\nSet-Cookie: =a=b\r\n", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(List.of("=a=b; Secure"), browser.get("/a", "").values("Set-Cookie"));
    }
  }

  @Test
  void aLinkHeaderFullOfOpeningBracketsCostsNoTime() throws Exception {
    String link = "<".repeat(60_000);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(exchange -> exchange.ok("Link: " + link + "\r\n", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.get("/warm", "");
      Promptly.assertWithin(
          Duration.ofSeconds(2),
          () -> {
            long start = System.nanoTime();
            assertEquals(200, browser.get("/a", "").status());
            return Duration.ofNanos(System.nanoTime() - start);
          });
    }
  }

  @Test
  void headersThatCgiTakesForForbiddenOnesStayBehind() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.get(
          "/a",
          "X_Username: hostile\r\nX-Client_Certificate: hostile\r\nX_FORWARDED_FOR: hostile\r\n"
              + "x.forwarded.for: hostile\r\nProxy: hostile\r\nX_SYSMGMT_OPTIMIZE: true\r\n");

      assertEquals(List.of("true"), bmc.last().values("X_SYSMGMT_OPTIMIZE"));
      assertFalse(bmc.last().head().contains("hostile"), () -> bmc.last().head());
    }
  }

  @Test
  void a204WithALengthStaysA204AndLeavesTheConnectionInOrder() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> exchange.say("HTTP/1.1 204 Done\r\nContent-Length: 5\r\n\r\n"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(204, browser.get("/a", "").status());
      assertEquals(204, browser.get("/b", "").status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, br", "deflate"})
  void aCodingThatNobodyAskedForGoesOnAsItCame(String coding) throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok(
                        "Content-Type: text/html\r\nContent-Encoding: " + coding + "\r\n",
                        "whatever"));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/index.html", "Accept-Encoding: gzip, br\r\n");

      assertEquals("whatever", answer.text());
      assertEquals(List.of(coding), answer.values("Content-Encoding"));
    }
  }

  @Test
  void gzipUnderItsOldNameIsRewrittenToo() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok(
                        "Content-Type: text/html\r\nContent-Encoding: x-gzip\r\n",
                        gzip("<a href='https://127.0.0.1/x'>")));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/index.html", "");

      assertEquals("<a href='" + gateway.origin() + "/x'>", answer.text());
      assertEquals(List.of(), answer.values("Content-Encoding"));
    }
  }

  private static String gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static int spoolFiles(ProxyFixture gateway) {
    try {
      return gateway.spoolFiles().size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
