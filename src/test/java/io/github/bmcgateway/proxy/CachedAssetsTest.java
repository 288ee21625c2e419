package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Requests for the files of a BMC's pages, through the proxy, against a BMC that counts. */
class CachedAssetsTest {
  private static final String JS = "Content-Type: text/javascript\r\n";
  private static final String TAGGED = JS + "ETag: \"1\"\r\n";
  private static final long MIB = 1 << 20;

  /** More than what lies between two programs on one machine, and not too large to be kept. */
  private static final byte[] LARGER_THAN_BUFFERS = new byte[(int) (8 * MIB)];

  private final AtomicLong nanos = new AtomicLong();
  private final AssetCache cache = new AssetCache(16 * MIB, nanos::get);

  private ProxyFixture gateway(ScriptedBmc bmc, String vendor) throws Exception {
    return gateway(bmc, vendor, cache);
  }

  private static ProxyFixture gateway(ScriptedBmc bmc, String vendor, AssetCache cache)
      throws Exception {
    Bmc target =
        new Bmc(
            new BmcAddress(InetAddress.getByName("127.0.0.1"), bmc.port(), Optional.empty()),
            bmc.port(),
            VendorProfiles.builtIn().find(Optional.of(vendor)).orElseThrow());
    return new ProxyFixture(browser -> target, cache);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static String tag(Answer answer) {
    assertEquals(1, answer.values("ETag").size(), answer.head());
    return answer.values("ETag").get(0);
  }

  @Test
  void aFileIsFetchedOnce() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok(TAGGED, "one"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      Answer first = browser.get("/js/a.js?v=1", "");
      Answer second = browser.get("/js/a.js?v=1", "Cookie: sessionKey=other\r\n");

      assertEquals("one", first.text());
      assertEquals("one", second.text());
      assertEquals(1, bmc.exchanges().size());
      assertEquals(tag(first), tag(second));
      assertEquals(List.of("private, no-cache"), second.values("Cache-Control"));
      assertEquals(List.of("text/javascript"), second.values("Content-Type"));
      assertEquals(1, cache.use().hits());
      assertEquals(1, cache.use().misses());
      assertTrue(cache.use().bytes() > 3);
      Eventually.holds("nothing is left registered", () -> gateway.session.running() == 0);
    }
  }

  @Test
  void aReloadCostsA304() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok(TAGGED, "one"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      String tag = tag(browser.get("/js/a.js", ""));
      Answer again = browser.get("/js/a.js", "If-None-Match: \"x\", " + tag + "\r\n");

      assertEquals(304, again.status());
      assertEquals(tag, tag(again));
      assertEquals(200, browser.get("/js/a.js", "If-None-Match: \"1\"\r\n").status());
      assertEquals(1, bmc.exchanges().size());
    }
  }

  @Test
  void anythingButAFileOfThePagesIsFetchedEachTime() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok(TAGGED, "one"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      for (String target :
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
              "/images/thumbnail.png")) {
        int before = bmc.exchanges().size();
        browser.get(target, "");
        browser.get(target, "");
        assertEquals(before + 2, bmc.exchanges().size(), target);
      }
      assertEquals(0, cache.use().entries());
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
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok(
                        heads.get(exchange.requestLine().charAt("GET /js/".length()) - 'a'),
                        "one"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      for (int i = 0; i < heads.size(); i++) {
        String target = "/js/" + (char) ('a' + i) + ".js";
        browser.get(target, "");
        browser.get(target, "");
        assertEquals(2 * (i + 1), bmc.exchanges().size(), heads.get(i));
      }
      assertEquals(0, cache.use().entries());
    }
  }

  @Test
  void aRequestThatIsNotLikeAllIsSharedWithNobody() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok(TAGGED, "one"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      List<String> odd =
          List.of(
              "Authorization: Basic eDp5\r\n",
              "X-Auth-Token: x\r\n",
              "X-Anything: x\r\n",
              "Cache-Control: no-store\r\n",
              "Cache-Control: no-transform\r\n",
              "Transfer-Encoding: chunked\r\n\r\n0\r\n");
      for (String header : odd) {
        assertEquals("one", browser.get("/js/a.js", header).text(), header);
        assertEquals(0, cache.use().entries(), header);
      }
      browser.get("/js/a.js", "");
      assertEquals(1, cache.use().entries());
      for (String header : odd) {
        assertEquals("one", browser.get("/js/a.js", header).text(), header);
      }
      assertEquals(2 * odd.size() + 1, bmc.exchanges().size());
    }
  }

  @Test
  void anAnswerWithoutAnEndIsNotKeptAndACutOneNeither() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  boolean cut = exchange.requestLine().contains("cut");
                  exchange.say(
                      "HTTP/1.1 200 OK\r\n"
                          + JS
                          + (cut ? "Content-Length: 10\r\n" : "")
                          + "Connection: close\r\n\r\none");
                  exchange.socket().close();
                });
        ProxyFixture gateway = gateway(bmc, "ilo5")) {
      for (String target : List.of("/js/a.js", "/js/cut.js")) {
        try (RawClient browser = new RawClient(gateway.port())) {
          browser.get(target, "");
        }
      }
      Eventually.holds("both are over", () -> gateway.session.running() == 0);

      assertEquals(0, cache.use().entries());
    }
  }

  @Test
  void whereTheProfileSaysSoNoStoreOnFilesDoesNotCount() throws Exception {
    String forbidden = "Cache-Control: no-store, no-cache, private\r\nPragma: no-cache\r\n";
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok(
                        forbidden
                            + (exchange.requestLine().contains(".js")
                                ? TAGGED
                                : "Content-Type: text/html\r\nETag: \"1\"\r\n"),
                        "one"));
        ProxyFixture gateway = gateway(bmc, "asrockrack");
        RawClient browser = new RawClient(gateway.port())) {
      Answer first = browser.get("/source.min.js", "");
      assertEquals(List.of("private, no-cache"), first.values("Cache-Control"));
      assertEquals(
          304, browser.get("/source.min.js", "If-None-Match: " + tag(first) + "\r\n").status());
      assertEquals(1, bmc.exchanges().size());

      Answer page = browser.get("/index.html", "");
      assertEquals(List.of("no-store"), page.values("Cache-Control"));
      assertEquals(List.of("\"1\""), page.values("ETag"));
    }
  }

  @Test
  void whatIsKeptIsRewrittenOnceAndInTheCodingThatTheBrowserTakes() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  byte[] body =
                      gzip("var a='https://127.0.0.1:" + exchange.socket().getLocalPort() + "/x'");
                  exchange.say(
                      "HTTP/1.1 200 OK\r\nContent-Type: application/x-gzip\r\nETag: \"z\"\r\n"
                          + "Content-Encoding: gzip\r\nContent-Length: "
                          + body.length
                          + "\r\n\r\n");
                  exchange.out().write(body);
                  exchange.out().flush();
                });
        ProxyFixture gateway = gateway(bmc, "idrac8");
        RawClient browser = new RawClient(gateway.port())) {
      String expected = "var a='" + gateway.origin() + "/x'";
      for (int i = 0; i < 2; i++) {
        Answer coded = browser.get("/js/a.js", "Accept-Encoding: gzip, br\r\n");
        assertEquals(List.of("gzip"), coded.values("Content-Encoding"));
        assertEquals(List.of("text/javascript"), coded.values("Content-Type"));
        assertEquals(expected, gunzip(coded.body()));
        Answer plain = browser.get("/js/a.js", "");
        assertFalse(plain.has("Content-Encoding"));
        assertEquals(expected, plain.text());
        assertFalse(tag(coded).equals(tag(plain)));
        assertTrue(tag(plain).startsWith("W/"), tag(plain));
      }
      assertEquals(2, bmc.exchanges().size());
    }
  }

  @Test
  void whenItsTimeIsOverTheBmcIsAskedWhetherItIsStillTheSame() throws Exception {
    AtomicLong version = new AtomicLong(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  String tag = "\"" + version.get() + "\"";
                  if (exchange.values("If-None-Match").contains(tag)) {
                    exchange.say("HTTP/1.1 304 Not Modified\r\nETag: " + tag + "\r\n\r\n");
                  } else {
                    exchange.ok(JS + "ETag: " + tag + "\r\n", "v" + version.get());
                  }
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get("/js/a.js", "");
      pass(Duration.ofMinutes(59));
      assertEquals("v1", browser.get("/js/a.js", "").text());
      assertEquals(1, bmc.exchanges().size());

      pass(Duration.ofMinutes(2));
      Answer renewed = browser.get("/js/a.js", "");
      assertEquals("v1", renewed.text());
      assertEquals(2, bmc.exchanges().size());
      assertEquals(1, cache.use().renewals());
      assertEquals(
          304, browser.get("/js/a.js", "If-None-Match: " + tag(renewed) + "\r\n").status());
      assertEquals(2, bmc.exchanges().size());

      version.set(2);
      assertEquals("v2", browser.get("/js/a.js", "Cache-Control: no-cache\r\n").text());
      assertEquals("v2", browser.get("/js/a.js", "").text());
      assertEquals(3, bmc.exchanges().size());
    }
  }

  @Test
  void aCookieThatComesWithARenewalIsForWhoAskedAlone() throws Exception {
    CountDownLatch both = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (exchange.values("If-None-Match").isEmpty()) {
                    exchange.ok(TAGGED, "one");
                  } else {
                    await(both);
                    exchange.say(
                        "HTTP/1.1 304 Not Modified\r\nSet-Cookie: a=b; Domain=bmc\r\n"
                            + "Set-Cookie: pm-session=c\r\nSet-Cookie: d=e; Secure\r\n\r\n");
                  }
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient asking = new RawClient(gateway.port());
        RawClient waiting = new RawClient(gateway.port())) {
      String tag = tag(asking.get("/js/a.js", ""));
      pass(Duration.ofMinutes(61));
      asking.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: " + tag + "\r\n\r\n");
      Eventually.holds("the first is there", () -> bmc.exchanges().size() == 2);
      waiting.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("both wait", () -> gateway.session.running() == 2);
      both.countDown();

      Answer unchanged = asking.answer();
      assertEquals(304, unchanged.status());
      assertEquals(List.of("a=b; Secure", "d=e; Secure"), unchanged.values("Set-Cookie"));
      for (Answer kept : List.of(waiting.answer(), asking.get("/js/a.js", ""))) {
        assertEquals("one", kept.text());
        assertFalse(kept.has("Set-Cookie"), kept.head());
      }
      assertEquals(2, bmc.exchanges().size());
    }
  }

  @Test
  void aCookieThatComesWithARenewalThatCannotBeUsedIsNotLost() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (exchange.values("If-None-Match").isEmpty()) {
                    exchange.ok(TAGGED, "one");
                  } else {
                    exchange.say(
                        "HTTP/1.1 304 Not Modified\r\nETag: \"2\"\r\nSet-Cookie: a=b\r\n\r\n");
                  }
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get("/js/a.js", "");
      pass(Duration.ofMinutes(61));

      Answer whole = browser.get("/js/a.js", "");
      assertEquals("one", whole.text());
      assertEquals(List.of("a=b; Secure"), whole.values("Set-Cookie"));
      assertEquals(3, bmc.exchanges().size());
    }
  }

  @Test
  void aBmcThatWantsToBeAskedEachTimeIs() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (exchange.values("If-Modified-Since").isEmpty()) {
                    exchange.ok(
                        JS
                            + "Cache-Control: no-cache\r\n"
                            + "Last-Modified: Sat, 21 Nov 2026 20:46:18 GMT\r\n",
                        "one");
                  } else {
                    exchange.say("HTTP/1.1 304 Not Modified\r\nCache-Control: no-cache\r\n\r\n");
                  }
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      String tag = tag(browser.get("/js/a.js", ""));
      assertEquals(304, browser.get("/js/a.js", "If-None-Match: " + tag + "\r\n").status());
      assertEquals("one", browser.get("/js/a.js", "").text());
      assertEquals(3, bmc.exchanges().size());
      assertEquals(2, cache.use().renewals());
    }
  }

  @Test
  void manyWhoWantTheSameGetItByOneFetch() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  await(all);
                  exchange.ok(TAGGED, "one");
                });
        ProxyFixture gateway = gateway(bmc, "ilo5")) {
      List<RawClient> browsers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RawClient browser = new RawClient(gateway.port());
        browsers.add(browser);
        browser.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
      Eventually.holds("all wait", () -> gateway.session.running() == 8);
      all.countDown();
      for (RawClient browser : browsers) {
        assertEquals("one", browser.answer().text());
        browser.close();
      }
      assertEquals(1, bmc.exchanges().size());
      Eventually.holds("nothing is left registered", () -> gateway.session.running() == 0);
    }
  }

  @Test
  void whoWaitsGoesOnAloneWhenTheAnswerIsNotForAll() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  await(all);
                  exchange.say(
                      "HTTP/1.1 302 Found\r\nLocation: /login.html\r\nContent-Length: 0\r\n\r\n");
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient first = new RawClient(gateway.port());
        RawClient second = new RawClient(gateway.port())) {
      first.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("the first is there", () -> bmc.exchanges().size() == 1);
      second.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("both wait", () -> gateway.session.running() == 2);
      all.countDown();

      assertEquals(302, first.answer().status());
      assertEquals(302, second.answer().status());
      assertEquals(2, bmc.exchanges().size());
    }
  }

  @Test
  void whenTheBmcBreaksOffWhoWaitsTriesItself() throws Exception {
    AtomicLong asked = new AtomicLong();
    CountDownLatch all = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (asked.incrementAndGet() == 1) {
                    await(all);
                    exchange.say("HTTP/1.1 200 OK\r\n" + TAGGED + "Content-Length: 9\r\n\r\non");
                    exchange.socket().close();
                  } else {
                    exchange.ok(TAGGED, "one");
                  }
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient first = new RawClient(gateway.port());
        RawClient second = new RawClient(gateway.port());
        RawClient third = new RawClient(gateway.port())) {
      first.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("the first is there", () -> bmc.exchanges().size() == 1);
      second.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      third.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("all wait", () -> gateway.session.running() == 3);
      all.countDown();

      assertFalse(first.answer().complete());
      assertEquals("one", second.answer().text());
      assertEquals("one", third.answer().text());
      assertEquals(2, bmc.exchanges().size());
    }
  }

  @Test
  void whoWaitsEndsWithItsSession() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> await(never));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient first = new RawClient(gateway.port());
        RawClient second = new RawClient(gateway.port())) {
      first.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("the first is there", () -> bmc.exchanges().size() == 1);
      second.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("both wait", () -> gateway.session.running() == 2);
      gateway.session.end(End.LOGGED_OUT);

      assertEquals(401, first.answer().status());
      assertEquals(401, second.answer().status());
      Eventually.holds("nothing is left registered", () -> gateway.session.running() == 0);
      never.countDown();
    }
  }

  @Test
  void anEndedSessionGetsNothingOfWhatIsKept() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok(TAGGED, "one"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(200, browser.get("/js/a.js", "").status());
      gateway.session.end(End.REVOKED);

      assertEquals(401, browser.get("/js/a.js", "").status());
    }
  }

  @Test
  void aBrowserThatReadsSlowlyHoldsNobodyUp() throws Exception {
    AssetCache roomy = new AssetCache(256 * MIB, System::nanoTime);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say(
                      "HTTP/1.1 200 OK\r\n" + TAGGED + "Content-Length: " + 8 * MIB + "\r\n\r\n");
                  exchange.out().write(LARGER_THAN_BUFFERS);
                  exchange.out().flush();
                });
        ProxyFixture gateway = gateway(bmc, "ilo5", roomy);
        RawClient slow = new RawClient(gateway.port());
        RawClient quick = new RawClient(gateway.port())) {
      slow.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("the first is there", () -> bmc.exchanges().size() == 1);

      assertEquals(8 * MIB, quick.get("/js/a.js", "").body().length);
      assertEquals(2, bmc.exchanges().size());
      assertEquals(8 * MIB, slow.answer().body().length);
    }
  }

  @Test
  void aLargeFileComesWholeAndInParts() throws Exception {
    byte[] body = new byte[700_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31);
    }
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say("HTTP/1.1 200 OK\r\n" + TAGGED + "Content-Length: 700000\r\n\r\n");
                  exchange.out().write(body);
                  exchange.out().flush();
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      assertArrayEquals(body, browser.get("/js/a.js", "").body());
      Answer whole = browser.get("/js/a.js", "");
      assertArrayEquals(body, whole.body());
      assertEquals(List.of("bytes"), whole.values("Accept-Ranges"));

      Answer part = browser.get("/js/a.js", "Range: bytes=100000-399999\r\n");
      assertEquals(206, part.status());
      assertEquals(List.of("bytes 100000-399999/700000"), part.values("Content-Range"));
      assertArrayEquals(Arrays.copyOfRange(body, 100_000, 400_000), part.body());
      assertEquals(
          206,
          browser.get("/js/a.js", "Range: bytes=-5\r\nIf-Range: " + tag(whole) + "\r\n").status());
      assertEquals(200, browser.get("/js/a.js", "Range: bytes=-5\r\nIf-Range: \"1\"\r\n").status());
      assertEquals(416, browser.get("/js/a.js", "Range: bytes=700000-\r\n").status());
      Answer head = browser.request("HEAD", "/js/a.js", "");
      assertEquals(List.of("700000"), head.values("Content-Length"));
      assertEquals(1, bmc.exchanges().size());
    }
  }

  @Test
  void whatIsTooLargeIsSentButNotKept() throws Exception {
    byte[] body = new byte[(int) MIB + 1];
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say(
                      "HTTP/1.1 200 OK\r\n"
                          + TAGGED
                          + "Transfer-Encoding: chunked\r\n\r\n"
                          + Integer.toHexString(body.length)
                          + "\r\n");
                  exchange.out().write(body);
                  exchange.say("\r\n0\r\n\r\n");
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(body.length, browser.get("/js/a.js", "").body().length);
      Answer second = browser.get("/js/a.js", "");
      assertEquals(body.length, second.body().length);
      assertEquals(2, bmc.exchanges().size());
      assertEquals(0, cache.use().entries());

      browser.get("/js/a.js", "If-None-Match: \"9\", " + tag(second) + "\r\n");
      assertEquals(List.of("\"1\""), bmc.last().values("If-None-Match"));
    }
  }

  @Test
  void tagsOfAnotherBmcAndTheirTimesGoNoFurther() throws Exception {
    cache.resize(0);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> exchange.ok(TAGGED + "Last-Modified: yesterday\r\n", "one"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      String tag = tag(browser.get("/js/a.js", ""));
      assertFalse(tag.contains("\"1\""), tag);
      browser.get(
          "/js/a.js",
          "If-None-Match: \"0123456789abcdef-e1\"\r\nIf-Modified-Since: x\r\n"
              + "Range: bytes=0-1\r\nIf-Range: \"0123456789abcdef-e1\"\r\n");
      for (String header : List.of("If-None-Match", "If-Modified-Since", "Range", "If-Range")) {
        assertEquals(List.of(), bmc.last().values(header));
      }
      browser.get(
          "/js/a.js",
          "If-None-Match: "
              + tag
              + "\r\nIf-Modified-Since: x\r\nRange: bytes=0-1\r\nIf-Range: "
              + tag
              + "\r\n");
      assertEquals(List.of("\"1\""), bmc.last().values("If-None-Match"));
      assertEquals(List.of("x"), bmc.last().values("If-Modified-Since"));
      assertEquals(List.of("\"1\""), bmc.last().values("If-Range"));
      assertEquals(List.of("bytes=0-1"), bmc.last().values("Range"));
    }
  }

  @Test
  void tagsOfTheApiAreLeftAlone() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange ->
                    exchange.ok("Content-Type: application/json\r\nETag: W/\"a1\"\r\n", "{}"));
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals("W/\"a1\"", tag(browser.get("/redfish/v1/", "")));
      browser.request("PATCH", "/redfish/v1/", "If-Match: W/\"a1\"\r\nContent-Length: 0\r\n");
      assertEquals(List.of("W/\"a1\""), bmc.last().values("If-Match"));
    }
  }

  @Test
  void anUpdateOfTheFirmwareDropsEverythingAndNothingIsKeptForATime() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.body();
                  exchange.ok(TAGGED, "one");
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get("/js/a.js", "");
      browser.request("POST", "/json/login_session", "Content-Length: 0\r\n");
      assertEquals(1, cache.use().entries());
      browser.request("POST", "/cgi-bin/uploadFile", "Content-Length: 0\r\n");
      assertEquals(0, cache.use().entries());
      browser.get("/js/a.js", "");
      browser.get("/js/a.js", "");
      assertEquals(5, bmc.exchanges().size());

      pass(Duration.ofMinutes(31));
      browser.get("/js/a.js", "");
      browser.get("/js/a.js", "");
      assertEquals(6, bmc.exchanges().size());
    }
  }

  @Test
  void aBmcWithAnotherCertificateIsAnotherBmc() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.ok(TAGGED, "one");
                  if (exchange.requestLine().contains("/bye")) {
                    exchange.socket().close();
                  }
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient browser = new RawClient(gateway.port())) {
      browser.get("/js/a.js", "");
      browser.get("/bye", "");
      browser.get("/js/b.js", "");
      assertEquals(2, cache.use().entries(), "a handshake with the same one changes nothing");

      Endpoint endpoint = new Endpoint(InetAddress.getByName("127.0.0.1"), bmc.port());
      cache.shown(endpoint, new Fingerprint("ab".repeat(32)));
      assertEquals(0, cache.use().entries());
      assertEquals("one", browser.get("/js/a.js", "").text());
      assertEquals("one", browser.get("/js/a.js", "").text());
      assertEquals(5, bmc.exchanges().size());
      assertEquals(bmc.exchanges().get(2).socket(), bmc.last().socket());
      assertEquals(0, cache.use().entries(), "the connection is one to the BMC of before");

      browser.get("/bye", "");
      browser.get("/js/a.js", "");
      assertEquals("one", browser.get("/js/a.js", "").text());
      assertEquals(7, bmc.exchanges().size());
      assertEquals(1, cache.use().entries());
    }
  }

  @Test
  void aSessionThatEndsCutsAKeptFileThatIsUnderWay() throws Exception {
    byte[] body = LARGER_THAN_BUFFERS;
    AssetCache roomy = new AssetCache(256 * MIB, System::nanoTime);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say(
                      "HTTP/1.1 200 OK\r\n"
                          + TAGGED
                          + "Content-Length: "
                          + body.length
                          + "\r\n\r\n");
                  exchange.out().write(body);
                  exchange.out().flush();
                });
        ProxyFixture gateway = gateway(bmc, "ilo5", roomy);
        RawClient first = new RawClient(gateway.port());
        RawClient slow = new RawClient(gateway.port())) {
      assertEquals(body.length, first.get("/js/a.js", "").body().length);
      Eventually.holds("it is over", () -> gateway.session.running() == 0);
      slow.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Eventually.holds("it is under way", () -> roomy.use().hits() == 1);
      Eventually.holds("it waits for the browser", () -> gateway.session.running() == 1);
      gateway.session.end(End.REVOKED);

      assertFalse(slow.answer().complete());
      assertEquals(1, bmc.exchanges().size());
    }
  }

  @Test
  void whoeverLeavesKeepsNobodyFromTheFile() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  await(left);
                  exchange.ok(TAGGED, "one");
                });
        ProxyFixture gateway = gateway(bmc, "ilo5");
        RawClient waiting = new RawClient(gateway.port())) {
      try (RawClient leaving = new RawClient(gateway.port())) {
        leaving.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Eventually.holds("it is there", () -> bmc.exchanges().size() == 1);
        waiting.send("GET /js/a.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Eventually.holds("both wait", () -> gateway.session.running() == 2);
      }
      left.countDown();

      assertEquals("one", waiting.answer().text());
      Eventually.holds("nothing is left registered", () -> gateway.session.running() == 0);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
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
}
