package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The proxy with a cache, in front of a BMC that counts, and browsers at it. */
final class CacheFixture implements AutoCloseable {
  static final long MIB = 1 << 20;

  /** The head of a script file, and of one with a tag. */
  static final String JS = "Content-Type: text/javascript\r\n";

  static final String TAGGED = JS + "ETag: \"1\"\r\n";

  /** A BMC that has the same file everywhere. */
  static final Script ONE = exchange -> exchange.ok(TAGGED, "one");

  /** More than what lies between two programs on one machine, and not too large to be kept. */
  static final byte[] LARGER_THAN_BUFFERS = new byte[(int) (8 * MIB)];

  final AssetCache cache;
  private final AtomicLong nanos;
  private final InetAddress address = InetAddress.getByName("127.0.0.1");
  private final ScriptedBmc bmc;
  private final ProxyFixture gateway;
  private final List<RawClient> browsers = new ArrayList<>();
  private final RawClient first;

  private CacheFixture(String vendor, AssetCache cache, AtomicLong nanos, Script script)
      throws Exception {
    this.cache = cache;
    this.nanos = nanos;
    bmc = ScriptedBmc.start(script);
    Bmc target =
        new Bmc(
            new BmcAddress(address, bmc.port(), Optional.empty()),
            bmc.port(),
            VendorProfiles.builtIn().find(Optional.of(vendor)).orElseThrow());
    gateway = new ProxyFixture(browser -> target, cache);
    first = browser();
  }

  /** One of a vendor whose profile puts nothing in the cache's way. */
  static CacheFixture start(Script script) throws Exception {
    return start("ilo5", script);
  }

  static CacheFixture start(String vendor, Script script) throws Exception {
    AtomicLong nanos = new AtomicLong();
    return new CacheFixture(vendor, new AssetCache(16 * MIB, nanos::get), nanos, script);
  }

  /** One with room for {@link #LARGER_THAN_BUFFERS}, whose time passes by itself. */
  static CacheFixture roomy(Script script) throws Exception {
    AssetCache roomy = new AssetCache(256 * MIB, System::nanoTime);
    return new CacheFixture("ilo5", roomy, new AtomicLong(), script);
  }

  /** What a BMC says that has a file of these bytes. */
  static Script file(byte[] body) {
    return exchange -> {
      exchange.say("HTTP/1.1 200 OK\r\n" + TAGGED + "Content-Length: " + body.length + "\r\n\r\n");
      exchange.out().write(body);
      exchange.out().flush();
    };
  }

  /** A BMC that says the same, but not before. */
  static Script after(CountDownLatch latch, Script script) {
    return exchange -> {
      await(latch);
      script.answer(exchange);
    };
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** A BMC that is asked for a file, and answers the question whether it is the same otherwise. */
  static Script renewable(Script whole, Script whenAskedAgain) {
    return exchange -> {
      boolean again =
          !exchange.values("If-None-Match").isEmpty()
              || !exchange.values("If-Modified-Since").isEmpty();
      (again ? whenAskedAgain : whole).answer(exchange);
    };
  }

  /** What a BMC says whose file is the same. */
  static Script unchanged(String headers) {
    return exchange -> exchange.say("HTTP/1.1 304 Not Modified\r\n" + headers + "\r\n");
  }

  static String tag(Answer answer) {
    assertEquals(1, answer.values("ETag").size(), answer.head());
    return answer.values("ETag").get(0);
  }

  /** What the first browser gets; each header without its line's end. */
  Answer get(String target, String... headers) throws IOException {
    return request("GET", target, headers);
  }

  Answer request(String method, String target, String... headers) throws IOException {
    return first.request(method, target, lines(headers));
  }

  /** A further browser that has asked for this, and that nobody has answered yet. */
  RawClient ask(String target, String... headers) throws IOException {
    return browser()
        .send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines(headers) + "\r\n");
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }

  private RawClient browser() throws IOException {
    RawClient browser = new RawClient(gateway.port());
    browsers.add(browser);
    return browser;
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  void end(End reason) {
    gateway.session.end(reason);
  }

  /** Requests that have reached the BMC. */
  List<Exchange> asked() {
    return bmc.exchanges();
  }

  /** Fails unless the BMC was asked so often. */
  void assertAsked(int times) {
    assertEquals(times, asked().size());
  }

  void awaitAsked(int times) {
    Eventually.holds("it is at the BMC", () -> asked().size() == times);
  }

  /** Waits until so many requests are under way, or are over when there are none. */
  void awaitRunning(int requests) {
    Eventually.holds(requests + " are under way", () -> gateway.session.running() == requests);
  }

  Endpoint endpoint() {
    return new Endpoint(address, bmc.port());
  }

  String origin() {
    return gateway.origin();
  }

  @Override
  public void close() throws Exception {
    for (RawClient browser : browsers) {
      browser.close();
    }
    gateway.close();
    bmc.close();
  }
}
