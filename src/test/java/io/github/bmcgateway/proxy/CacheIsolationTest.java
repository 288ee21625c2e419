package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever is asked for, at a time and in any order, of several BMCs that have the same files under
 * the same tags, one of them under two names: nobody ever gets a byte of another one.
 */
class CacheIsolationTest {
  private static final int BROWSERS = 4;
  private static final int REQUESTS = 120;
  private static final List<String> TARGETS =
      List.of("/js/a.js", "/js/b.js?v=1", "/css/c.css", "/fonts/d.woff", "/js/large.js");

  /** Whom a browser is at, and what it asks for: all that an answer may depend on. */
  private record Wanted(int place, String target, boolean gzip) {}

  private final AtomicLong nanos = new AtomicLong();

  /** Too small for all files of all, so that some are always on their way out. */
  private final AssetCache cache = new AssetCache(400_000, nanos::get);

  private final List<Bmc> places = new ArrayList<>();

  /** What a tag was given for. */
  private final Map<String, Wanted> tags = new ConcurrentHashMap<>();

  @Test
  void nobodyGetsAnythingOfAnotherBmc() throws Exception {
    long seed = System.nanoTime();
    try (ScriptedBmc one = ScriptedBmc.start(CacheIsolationTest::answer);
        ScriptedBmc two = ScriptedBmc.start(CacheIsolationTest::answer);
        ScriptedBmc other = ScriptedBmc.start("127.0.0.2", CacheIsolationTest::answer)) {
      add("127.0.0.1", one.port(), "a.example");
      add("127.0.0.1", one.port(), "b.example");
      add("127.0.0.1", two.port(), "a.example:1");
      add("127.0.0.2", other.port(), "c.example");
      try (ProxyFixture gateway = new ProxyFixture(this::place, cache)) {
        ExecutorService browsers = Executors.newFixedThreadPool(BROWSERS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < BROWSERS; i++) {
          Random random = new Random(seed + i);
          running.add(
              browsers.submit(
                  () -> {
                    browse(gateway.port(), random);
                    return true;
                  }));
        }
        browsers.shutdown();
        for (Future<?> browser : running) {
          browser.get(60, TimeUnit.SECONDS);
        }
        assertTrue(cache.use().hits() > REQUESTS / 4, "seed " + seed + ": " + cache.use());
        assertTrue(cache.use().renewals() > 0, "seed " + seed + ": " + cache.use());
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void add(String address, int port, String host) throws UnknownHostException {
    places.add(
        new Bmc(
            new BmcAddress(InetAddress.getByName(address), port, Optional.of(host)),
            port,
            VendorProfiles.builtIn().find(Optional.of("ilo5")).orElseThrow()));
  }

  /** A cookie says where a browser is, as the session's does. */
  private Bmc place(HttpServletRequest browser) {
    return places.get(Integer.parseInt(browser.getHeader("Cookie").replace("irc=", "")));
  }

  private void browse(int port, Random random) throws IOException {
    try (RawClient browser = new RawClient(port)) {
      for (int i = 0; i < REQUESTS; i++) {
        disturb(random);
        Wanted wanted =
            new Wanted(
                random.nextInt(places.size()),
                TARGETS.get(random.nextInt(TARGETS.size())),
                random.nextBoolean());
        ask(browser, wanted, random);
      }
    }
  }

  private void disturb(Random random) {
    Bmc bmc = places.get(random.nextInt(places.size()));
    Endpoint endpoint = new Endpoint(bmc.address().ip(), bmc.address().port());
    switch (random.nextInt(60)) {
      case 0 -> cache.shown(endpoint, new Fingerprint("ab".repeat(31) + random.nextInt(10, 99)));
      case 1, 2 -> nanos.addAndGet(Duration.ofMinutes(61).toNanos());
      case 3 -> {
        if (random.nextInt(5) == 0) {
          cache.updating(endpoint);
        }
      }
      default -> {}
    }
  }

  private void ask(RawClient browser, Wanted wanted, Random random) throws IOException {
    String headers = "Cookie: irc=" + wanted.place() + "\r\n";
    if (wanted.gzip()) {
      headers += "Accept-Encoding: gzip\r\n";
    }
    List<String> known = List.copyOf(tags.keySet());
    if (!known.isEmpty() && random.nextBoolean()) {
      headers +=
          "If-None-Match: "
              + known.get(random.nextInt(known.size()))
              + ", \"1\"\r\nIf-Modified-Since: Sat, 21 Nov 2026 20:46:18 GMT\r\n";
    }
    boolean part = random.nextInt(5) == 0;
    if (part) {
      headers += "Range: bytes=0-99\r\n";
    }
    if (random.nextInt(10) == 0) {
      headers += "Cache-Control: no-cache\r\n";
    }
    check(wanted, headers, browser.get(wanted.target(), headers));
  }

  private void check(Wanted wanted, String asked, Answer answer) throws IOException {
    String tag = answer.values("ETag").stream().findFirst().orElse("");
    byte[] expected = body(authority(wanted.place()), wanted.target(), wanted.gzip());
    switch (answer.status()) {
      case 200 -> {
        assertEquals(text(expected, wanted.gzip()), text(answer.body(), isGzip(answer)));
        Wanted before = tags.putIfAbsent(tag, wanted);
        assertTrue(before == null || before.equals(wanted), tag);
      }
      case 206 ->
          assertEquals(
              new String(expected, 0, Math.min(100, expected.length), StandardCharsets.ISO_8859_1),
              new String(answer.body(), StandardCharsets.ISO_8859_1));
      case 304 -> {
        assertEquals(wanted, tags.get(tag), asked);
        assertTrue(asked.contains(tag), asked);
      }
      default -> throw new AssertionError(answer.head());
    }
  }

  private String authority(int place) {
    return places.get(place).address().host().orElseThrow()
        + " "
        + places.get(place).address().port();
  }

  private static boolean isGzip(Answer answer) {
    return answer.values("Content-Encoding").contains("gzip");
  }

  private static String text(byte[] body, boolean gzip) throws IOException {
    try (ByteArrayInputStream bytes = new ByteArrayInputStream(body)) {
      return new String(
          (gzip ? new GZIPInputStream(bytes) : bytes).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What a BMC says: its own name, over and over, under a tag that the others have as well. */
  private static byte[] body(String authority, String target, boolean gzip) throws IOException {
    int times = target.contains("large") ? 800 : 10;
    byte[] text = (authority + target + "\n").repeat(times).getBytes(StandardCharsets.UTF_8);
    if (!gzip) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream coded = new GZIPOutputStream(bytes)) {
      coded.write(text);
    }
    return bytes.toByteArray();
  }

  private static void answer(Exchange exchange) throws IOException {
    if (!exchange.values("If-None-Match").isEmpty()) {
      exchange.say("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
      return;
    }
    String target = exchange.requestLine().split(" ")[1];
    // A further handshake, which takes back what was said of another certificate.
    boolean close = ThreadLocalRandom.current().nextInt(8) == 0;
    boolean gzip = exchange.values("Accept-Encoding").contains("gzip");
    String authority = exchange.values("Host").get(0) + " " + exchange.socket().getLocalPort();
    byte[] body = body(authority, target, gzip);
    int from = 0;
    int length = body.length;
    String status = "200 OK";
    if (!exchange.values("Range").isEmpty()) {
      length = Math.min(100, body.length);
      status = "206 Partial Content\r\nContent-Range: bytes 0-" + (length - 1) + "/" + body.length;
    }
    exchange.say(
        "HTTP/1.1 "
            + status
            + "\r\nETag: \"1\"\r\nLast-Modified: Sat, 21 Nov 2026 20:46:18 GMT\r\n"
            + "Content-Type: "
            + type(target)
            + "\r\n"
            + (gzip ? "Content-Encoding: gzip\r\n" : "")
            + (close ? "Connection: close\r\n" : "")
            + "Content-Length: "
            + length
            + "\r\n\r\n");
    exchange.out().write(body, from, length);
    exchange.out().flush();
    if (close) {
      exchange.socket().close();
    }
  }

  private static String type(String target) {
    if (target.endsWith(".css")) {
      return "text/css";
    }
    return target.endsWith(".woff") ? "font/woff" : "text/javascript";
  }
}
