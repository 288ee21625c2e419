package io.github.bmcgateway.proxy;

import static io.github.bmcgateway.proxy.CacheFixture.JS;
import static io.github.bmcgateway.proxy.CacheFixture.LARGER_THAN_BUFFERS;
import static io.github.bmcgateway.proxy.CacheFixture.MIB;
import static io.github.bmcgateway.proxy.CacheFixture.ONE;
import static io.github.bmcgateway.proxy.CacheFixture.TAGGED;
import static io.github.bmcgateway.proxy.CacheFixture.renewable;
import static io.github.bmcgateway.proxy.CacheFixture.tag;
import static io.github.bmcgateway.proxy.CacheFixture.unchanged;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One browser's requests for the files of a BMC's pages: what is kept, and what becomes of it. */
class CachedAssetsTest {
  private static final String FILE = "/js/a.js";

  @Test
  void aFileIsFetchedOnce() throws Exception {
    try (CacheFixture gateway = CacheFixture.start(ONE)) {
      Answer first = gateway.get("/js/a.js?v=1");
      Answer second = gateway.get("/js/a.js?v=1", "Cookie: sessionKey=other");

      assertEquals("one", first.text());
      assertEquals("one", second.text());
      gateway.assertAsked(1);
      assertEquals(tag(first), tag(second));
      assertEquals(List.of("private, no-cache"), second.values("Cache-Control"));
      assertEquals(List.of("text/javascript"), second.values("Content-Type"));
      assertEquals(1, gateway.cache.use().hits());
      assertEquals(1, gateway.cache.use().misses());
      assertTrue(gateway.cache.use().bytes() > 3);
      gateway.awaitRunning(0);
    }
  }

  @Test
  void aReloadCostsA304() throws Exception {
    try (CacheFixture gateway = CacheFixture.start(ONE)) {
      String tag = tag(gateway.get(FILE));
      Answer again = gateway.get(FILE, "If-None-Match: \"x\", " + tag);

      assertEquals(304, again.status());
      assertEquals(tag, tag(again));
      assertEquals(200, gateway.get(FILE, "If-None-Match: \"1\"").status());
      gateway.assertAsked(1);
    }
  }

  @Test
  void anythingButAFileOfThePagesIsFetchedEachTime() throws Exception {
    List<String> targets =
        List.of(
            "/js/a.json",
            "/index.html",
            "/html/a.html",
            "/json/a.js",
            "/redfish/v1/a.js",
            "/rest/v1/a.js",
            "/js/a.js?key=1",
            "/js/a.js?0123456789abcdef0123456789abcdef",
            "/js/a.js;x=.js",
            "/js/%2e%2e/a.js",
            "/js/../json/a.js",
            "/js//a.js",
            "/images/thumbnail.png");
    try (CacheFixture gateway = CacheFixture.start(ONE)) {
      for (String target : targets) {
        int before = gateway.asked().size();
        gateway.get(target);
        gateway.get(target);
        assertEquals(before + 2, gateway.asked().size(), target);
      }
      assertEquals(0, gateway.cache.use().entries());
    }
  }

  @Test
  void aPageInPlaceOfAScriptIsNotKeptThoughTheProfileCallsItAScript() throws Exception {
    Script script =
        exchange ->
            exchange.ok(
                exchange.requestLine().contains("/js/page.js")
                    ? "Content-Type: text/html; charset=utf-8\r\n"
                    : "Content-Type: application/x-gzip\r\n",
                "one");
    try (CacheFixture gateway = CacheFixture.start("idrac8", script)) {
      for (String path : List.of("/js/page.js", "/js/page.js", "/js/file.js", "/js/file.js")) {
        assertEquals(List.of("text/javascript"), gateway.get(path).values("Content-Type"), path);
      }
      gateway.assertAsked(3);
    }
  }

  @Test
  void anAnswerThatIsNotForAllIsFetchedEachTime() throws Exception {
    List<String> heads =
        List.of(
            JS + "Set-Cookie: a=b\r\n",
            JS + "Vary: *\r\n",
            JS + "Vary: Accept-Encoding, Cookie\r\n",
            JS + "Cache-Control: no-store\r\n",
            JS + "Cache-Control: private\r\n",
            JS + "Cache-Control: public, no-transform\r\n",
            JS + "Content-Encoding: br\r\n",
            "Content-Type: text/html\r\n",
            "Content-Type: application/json\r\n",
            "");
    Script byNumber =
        exchange -> exchange.ok(heads.get(exchange.requestLine().charAt(8) - '0'), "one");
    try (CacheFixture gateway = CacheFixture.start(byNumber)) {
      for (int i = 0; i < heads.size(); i++) {
        gateway.get("/js/" + i + ".js");
        gateway.get("/js/" + i + ".js");
        assertEquals(2 * (i + 1), gateway.asked().size(), heads.get(i));
      }
      assertEquals(0, gateway.cache.use().entries());
    }
  }

  @Test
  void aRequestThatIsNotLikeAllIsSharedWithNobody() throws Exception {
    List<String> odd =
        List.of(
            "Authorization: Basic eDp5",
            "X-Auth-Token: x",
            "X-Anything: x",
            "Cache-Control: no-store",
            "Cache-Control: no-transform",
            "Transfer-Encoding: chunked\r\n\r\n0");
    try (CacheFixture gateway = CacheFixture.start(ONE)) {
      for (String header : odd) {
        assertEquals("one", gateway.get(FILE, header).text(), header);
        assertEquals(0, gateway.cache.use().entries(), header);
      }
      gateway.get(FILE);
      assertEquals(1, gateway.cache.use().entries());
      for (String header : odd) {
        assertEquals("one", gateway.get(FILE, header).text(), header);
      }
      gateway.assertAsked(2 * odd.size() + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 10\r\n"})
  void anAnswerWithoutAnEndIsNotKeptAndACutOneNeither(String length) throws Exception {
    Script cut =
        exchange -> {
          exchange.say("HTTP/1.1 200 OK\r\n" + JS + length + "Connection: close\r\n\r\none");
          exchange.socket().close();
        };
    try (CacheFixture gateway = CacheFixture.start(cut)) {
      gateway.get(FILE);
      gateway.awaitRunning(0);

      assertEquals(0, gateway.cache.use().entries());
    }
  }

  @Test
  void whereTheProfileSaysSoNoStoreOnFilesDoesNotCount() throws Exception {
    String forbidden =
        "Cache-Control: no-store, no-cache, private\r\nPragma: no-cache\r\nETag: \"1\"\r\n";
    Script all =
        exchange -> {
          boolean page = exchange.requestLine().contains(".html");
          exchange.ok(forbidden + (page ? "Content-Type: text/html\r\n" : JS), "one");
        };
    try (CacheFixture gateway = CacheFixture.start("asrockrack", all)) {
      Answer file = gateway.get("/source.min.js");
      assertEquals(List.of("private, no-cache"), file.values("Cache-Control"));
      assertEquals(304, gateway.get("/source.min.js", "If-None-Match: " + tag(file)).status());
      gateway.assertAsked(1);

      Answer page = gateway.get("/index.html");
      assertEquals(List.of("no-store"), page.values("Cache-Control"));
      assertEquals(List.of("\"1\""), page.values("ETag"));
    }
  }

  @Test
  void whatIsKeptIsRewrittenOnceAndInTheCodingThatTheBrowserTakes() throws Exception {
    try (CacheFixture gateway = CacheFixture.start("idrac8", CachedAssetsTest::ownAddress)) {
      String expected = "var a='" + gateway.origin() + "/x'";
      for (int i = 0; i < 2; i++) {
        Answer coded = gateway.get(FILE, "Accept-Encoding: gzip, br");
        assertEquals(List.of("gzip"), coded.values("Content-Encoding"));
        assertEquals(List.of("text/javascript"), coded.values("Content-Type"));
        assertEquals(expected, gunzip(coded.body()));
        Answer plain = gateway.get(FILE);
        assertFalse(plain.has("Content-Encoding"));
        assertEquals(expected, plain.text());
        assertFalse(tag(coded).equals(tag(plain)));
        assertTrue(tag(plain).startsWith("W/"), tag(plain));
      }
      gateway.assertAsked(2);
    }
  }

  /** A compressed script that names the BMC's own address, under a type that is wrong. */
  private static void ownAddress(Exchange exchange) throws IOException {
    byte[] body = gzip("var a='https://127.0.0.1:" + exchange.socket().getLocalPort() + "/x'");
    exchange.say(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-gzip\r\nETag: \"z\"\r\n"
            + "Content-Encoding: gzip\r\nContent-Length: "
            + body.length
            + "\r\n\r\n");
    exchange.out().write(body);
    exchange.out().flush();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String gunzip(byte[] body) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whenItsTimeIsOverTheBmcIsAskedWhetherItIsStillTheSame() throws Exception {
    AtomicLong version = new AtomicLong(1);
    Script versions =
        exchange -> {
          String tag = "\"" + version.get() + "\"";
          boolean same = exchange.values("If-None-Match").contains(tag);
          Script whole = to -> to.ok(JS + "ETag: " + tag + "\r\n", "v" + version.get());
          (same ? unchanged("ETag: " + tag + "\r\n") : whole).answer(exchange);
        };
    try (CacheFixture gateway = CacheFixture.start(versions)) {
      gateway.get(FILE);
      gateway.pass(Duration.ofMinutes(59));
      assertEquals("v1", gateway.get(FILE).text());
      gateway.assertAsked(1);

      gateway.pass(Duration.ofMinutes(2));
      Answer renewed = gateway.get(FILE);
      assertEquals("v1", renewed.text());
      gateway.assertAsked(2);
      assertEquals(1, gateway.cache.use().renewals());
      assertEquals(304, gateway.get(FILE, "If-None-Match: " + tag(renewed)).status());
      gateway.assertAsked(2);

      version.set(2);
      assertEquals("v2", gateway.get(FILE, "Cache-Control: no-cache").text());
      assertEquals("v2", gateway.get(FILE).text());
      gateway.assertAsked(3);
    }
  }

  @Test
  void aBmcThatWantsToBeAskedEachTimeIs() throws Exception {
    String noCache = "Cache-Control: no-cache\r\n";
    String changed = "Last-Modified: Sat, 21 Nov 2026 20:46:18 GMT\r\n";
    Script whole = exchange -> exchange.ok(JS + noCache + changed, "one");
    try (CacheFixture gateway = CacheFixture.start(renewable(whole, unchanged(noCache)))) {
      String tag = tag(gateway.get(FILE));
      assertEquals(304, gateway.get(FILE, "If-None-Match: " + tag).status());
      assertEquals("one", gateway.get(FILE).text());
      gateway.assertAsked(3);
      assertEquals(2, gateway.cache.use().renewals());
    }
  }

  @Test
  void aCookieThatComesWithARenewalThatCannotBeUsedIsNotLost() throws Exception {
    Script otherTag = unchanged("ETag: \"2\"\r\nSet-Cookie: a=b\r\n");
    try (CacheFixture gateway = CacheFixture.start(renewable(ONE, otherTag))) {
      gateway.get(FILE);
      gateway.pass(Duration.ofMinutes(61));

      Answer whole = gateway.get(FILE);
      assertEquals("one", whole.text());
      assertEquals(List.of("a=b; Secure"), whole.values("Set-Cookie"));
      gateway.assertAsked(3);
    }
  }

  @Test
  void anEndedSessionGetsNothingOfWhatIsKept() throws Exception {
    try (CacheFixture gateway = CacheFixture.start(ONE)) {
      assertEquals(200, gateway.get(FILE).status());
      gateway.end(End.REVOKED);

      assertEquals(401, gateway.get(FILE).status());
    }
  }

  @Test
  void aSessionThatEndsCutsAKeptFileThatIsUnderWay() throws Exception {
    int length = LARGER_THAN_BUFFERS.length;
    try (CacheFixture gateway = CacheFixture.roomy(CacheFixture.file(LARGER_THAN_BUFFERS))) {
      assertEquals(length, gateway.get(FILE).body().length);
      gateway.awaitRunning(0);
      RawClient slow = gateway.ask(FILE);
      Eventually.holds("it is under way", () -> gateway.cache.use().hits() == 1);
      assertEquals("HTTP/1.1 200 OK", slow.line());
      gateway.end(End.REVOKED);

      assertTrue(bytesToTheEnd(slow) < length);
      gateway.assertAsked(1);
    }
  }

  private static long bytesToTheEnd(RawClient browser) {
    byte[] buffer = new byte[64 * 1024];
    long bytes = 0;
    try {
      for (int n = browser.in().read(buffer); n >= 0; n = browser.in().read(buffer)) {
        bytes += n;
      }
    } catch (IOException cut) {
      return bytes;
    }
    return bytes;
  }

  @Test
  void aLargeFileComesWholeAndInParts() throws Exception {
    byte[] body = new byte[700_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31);
    }
    try (CacheFixture gateway = CacheFixture.start(CacheFixture.file(body))) {
      assertArrayEquals(body, gateway.get(FILE).body());
      Answer whole = gateway.get(FILE);
      assertArrayEquals(body, whole.body());
      assertEquals(List.of("bytes"), whole.values("Accept-Ranges"));

      Answer part = gateway.get(FILE, "Range: bytes=100000-399999");
      assertEquals(206, part.status());
      assertEquals(List.of("bytes 100000-399999/700000"), part.values("Content-Range"));
      assertArrayEquals(Arrays.copyOfRange(body, 100_000, 400_000), part.body());
      String last = "Range: bytes=-5";
      assertEquals(206, gateway.get(FILE, last, "If-Range: " + tag(whole)).status());
      assertEquals(200, gateway.get(FILE, last, "If-Range: \"1\"").status());
      assertEquals(416, gateway.get(FILE, "Range: bytes=700000-").status());
      Answer head = gateway.request("HEAD", FILE);
      assertEquals(List.of("700000"), head.values("Content-Length"));
      gateway.assertAsked(1);
    }
  }

  @Test
  void whatIsTooLargeIsSentButNotKept() throws Exception {
    byte[] body = new byte[(int) MIB + 1];
    Script chunked =
        exchange -> {
          String length = Integer.toHexString(body.length);
          exchange.say(
              "HTTP/1.1 200 OK\r\n" + TAGGED + "Transfer-Encoding: chunked\r\n\r\n" + length);
          exchange.say("\r\n");
          exchange.out().write(body);
          exchange.say("\r\n0\r\n\r\n");
        };
    try (CacheFixture gateway = CacheFixture.start(chunked)) {
      assertEquals(body.length, gateway.get(FILE).body().length);
      Answer second = gateway.get(FILE);
      assertEquals(body.length, second.body().length);
      gateway.assertAsked(2);
      assertEquals(0, gateway.cache.use().entries());

      gateway.get(FILE, "If-None-Match: \"9\", " + tag(second));
      assertEquals(List.of("\"1\""), gateway.asked().get(2).values("If-None-Match"));
    }
  }

  @Test
  void tagsOfAnotherBmcAndTheirTimesGoNoFurther() throws Exception {
    Script dated = exchange -> exchange.ok(TAGGED + "Last-Modified: yesterday\r\n", "one");
    try (CacheFixture gateway = CacheFixture.start(dated)) {
      gateway.cache.resize(0);
      String own = tag(gateway.get(FILE));
      assertFalse(own.contains("\"1\""), own);

      Exchange others = conditional(gateway, "\"0123456789abcdef-e1\"");
      for (String header : List.of("If-None-Match", "If-Modified-Since", "Range", "If-Range")) {
        assertEquals(List.of(), others.values(header));
      }
      Exchange ours = conditional(gateway, own);
      assertEquals(List.of("\"1\""), ours.values("If-None-Match"));
      assertEquals(List.of("x"), ours.values("If-Modified-Since"));
      assertEquals(List.of("\"1\""), ours.values("If-Range"));
      assertEquals(List.of("bytes=0-1"), ours.values("Range"));
    }
  }

  /** What reaches the BMC of a browser that has something under this tag. */
  private static Exchange conditional(CacheFixture gateway, String tag) throws IOException {
    gateway.get(
        FILE,
        "If-None-Match: " + tag,
        "If-Modified-Since: x",
        "Range: bytes=0-1",
        "If-Range: " + tag);
    return gateway.asked().get(gateway.asked().size() - 1);
  }

  @Test
  void tagsOfTheApiAreLeftAlone() throws Exception {
    String tag = "W/\"a1\"";
    Script api =
        exchange -> exchange.ok("Content-Type: application/json\r\nETag: " + tag + "\r\n", "{}");
    try (CacheFixture gateway = CacheFixture.start(api)) {
      assertEquals(tag, tag(gateway.get("/redfish/v1/")));
      gateway.request("PATCH", "/redfish/v1/", "If-Match: " + tag, "Content-Length: 0");
      assertEquals(List.of(tag), gateway.asked().get(1).values("If-Match"));
    }
  }

  @Test
  void anUpdateOfTheFirmwareDropsEverythingAndNothingIsKeptForATime() throws Exception {
    try (CacheFixture gateway = CacheFixture.start(ONE)) {
      gateway.get(FILE);
      gateway.request("POST", "/json/login_session", "Content-Length: 0");
      assertEquals(1, gateway.cache.use().entries());
      gateway.request("POST", "/cgi-bin/uploadFile", "Content-Length: 0");
      assertEquals(0, gateway.cache.use().entries());
      gateway.get(FILE);
      gateway.get(FILE);
      gateway.assertAsked(5);

      gateway.pass(Duration.ofMinutes(31));
      gateway.get(FILE);
      gateway.get(FILE);
      gateway.assertAsked(6);
    }
  }

  @Test
  void aBmcWithAnotherCertificateIsAnotherBmc() throws Exception {
    Script hangingUp =
        exchange -> {
          if (exchange.requestLine().contains("/bye")) {
            exchange.ok("Connection: close\r\n", "");
            exchange.socket().close();
          }
          ONE.answer(exchange);
        };
    try (CacheFixture gateway = CacheFixture.start(hangingUp)) {
      gateway.get(FILE);
      gateway.get("/bye");
      gateway.get("/js/b.js");
      assertEquals(2, gateway.cache.use().entries(), "the same handshake changes nothing");

      gateway.cache.shown(gateway.endpoint(), new Fingerprint("ab".repeat(32)));
      assertEquals(0, gateway.cache.use().entries());
      assertEquals("one", gateway.get(FILE).text());
      assertEquals("one", gateway.get(FILE).text());
      gateway.assertAsked(5);
      assertEquals(gateway.asked().get(2).socket(), gateway.asked().get(4).socket());
      assertEquals(0, gateway.cache.use().entries(), "a connection to the BMC of before");

      gateway.get("/bye");
      gateway.get(FILE);
      assertEquals("one", gateway.get(FILE).text());
      gateway.assertAsked(7);
      assertEquals(1, gateway.cache.use().entries());
    }
  }
}
