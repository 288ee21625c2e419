package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewrittenBodyTest {
  private static final String TICKETS = "/sysmgmt/2015/server/vconsole";
  private static final String TICKET = "{\"Location\":\"https://127.0.0.1/restgui/x\"}";

  @Test
  void aRewrittenBodyKeepsItsCodingForABrowserThatTakesIt() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(gzipped(gzip(TICKET)));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get(TICKETS, "Accept-Encoding: gzip\r\n");

      assertEquals(List.of("gzip"), answer.values("Content-Encoding"));
      assertEquals(List.of("W/\"x\""), answer.values("ETag"));
      assertFalse(answer.has("Accept-Ranges"));
      assertFalse(gunzip(answer.body()).contains("127.0.0.1/"), gunzip(answer.body()));
      assertTrue(gunzip(answer.body()).endsWith("/restgui/x\"}"), gunzip(answer.body()));

      Answer plain = browser.get(TICKETS, "");
      assertFalse(plain.has("Content-Encoding"));
      assertEquals(gunzip(answer.body()), plain.text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "htmlViewer.setRPServerConfiguration(mIPAddress, mPort);",
        "//  htmlViewer.disableRPCertPopup();"
      })
  void eitherPlaceIsEnoughToSpareIdrac8sViewerItsPopUp(String place) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(gzipped(gzip("start();\n" + place + "\n")));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      String viewer = browser.get("/js/ViewerJS/html5viewer.js", "").text();

      String last = viewer.lines().reduce((one, other) -> other).orElseThrow();
      assertTrue(last.endsWith(" htmlViewer.disableRPCertPopup();"), viewer);
      assertFalse(last.contains("//"), viewer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gzip;q=0, false",
    "'deflate, gzip;q=0.0', false",
    "identity, false",
    "'br, GZIP;q=0.5', true"
  })
  void aBrowserGetsTheCodingThatItTakes(String accepted, boolean gzip) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(gzipped(gzip(TICKET)));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get(TICKETS, "Accept-Encoding: " + accepted + "\r\n");

      assertEquals(gzip ? List.of("gzip") : List.of(), answer.values("Content-Encoding"));
    }
  }

  @Test
  void aBodyThatIsNotInItsCodingIsTheBmcsMistake() throws Exception {
    byte[] whole = gzip(TICKET);
    for (byte[] body :
        List.of(TICKET.getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, whole.length - 4))) {
      try (ScriptedBmc bmc = ScriptedBmc.start(gzipped(body));
          ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
          RawClient browser = new RawClient(gateway.port())) {
        Answer answer = browser.get(TICKETS, "");

        assertEquals(502, answer.status());
        assertTrue(answer.text().contains("\"bmc_protocol\""), answer.text());
        assertFalse(answer.has("Content-Encoding"));
      }
    }
  }

  @Test
  void aPieceOfARewrittenScriptArrivesBeforeTheNextIsSent() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    Script slow =
        exchange -> {
          exchange.say(
              "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nTransfer-Encoding: chunked\r\n"
                  + "\r\n8\r\nfirst();\r\n");
          await(read);
          exchange.say("7\r\nlast();\r\n0\r\n\r\n");
        };
    try (ScriptedBmc bmc = ScriptedBmc.start(slow);
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("GET /restgui/a.js?x=y HTTP/1.1\r\nHost: localhost\r\n\r\n");
      readTo(browser, "first();");
      read.countDown();
      readTo(browser, "last();");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8_191, 8_192, 8_193, 16_000})
  void aLargeEventArrivesBeforeTheNextIsSent(int length) throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    Script events =
        exchange -> {
          exchange.say(
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
                  + "\r\n");
          exchange.say(Integer.toHexString(length) + "\r\n" + "e".repeat(length - 1) + "!\r\n");
          await(read);
          exchange.say("0\r\n\r\n");
        };
    try (ScriptedBmc bmc = ScriptedBmc.start(events);
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("GET /sse HTTP/1.1\r\nHost: localhost\r\n\r\n");
      readTo(browser, "e!");
      read.countDown();
    }
  }

  /** Not by lines: a chunk's end may come with the next chunk. */
  private static void readTo(RawClient browser, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int next = browser.in().read();
      assertTrue(next >= 0, seen.toString());
      seen.append((char) next);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 20_000, 100_000, 1_000_000})
  void aLongRewrittenScriptArrivesWhole(int length) throws Exception {
    String rest = "0123456789abcdef".repeat(length / 16);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok(
                        "Content-Type: text/javascript\r\n",
                        "'https://" + exchange.values("Host").get(0) + "/x'" + rest));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "idrac9");
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/restgui/a.js?x=y", "");

      assertEquals("'" + gateway.origin() + "/x'" + rest, answer.text());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Script gzipped(byte[] body) {
    return exchange -> {
      exchange.say(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
              + "ETag: \"x\"\r\nAccept-Ranges: bytes\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      exchange.out().write(body);
      exchange.out().flush();
    };
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String gunzip(byte[] coded) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(coded))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
