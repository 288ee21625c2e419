package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.proxy.BmcClients;
import io.github.bmcgateway.proxy.Configs;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The detection on its own, against BMCs that answer what a test says. */
class VendorDetectionTest {
  private static final String ILO = "<script src=\"js/iLO.js\"></script>";
  private static final String MEGARAC = "<title>MegaRAC SP-X</title>";
  private static final String NOTHING = "<html>welcome</html>";

  private final AtomicLong nanos = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger places = new AtomicInteger(1);
  private final BmcGate gate = new Gate();
  private HttpClient client;
  private VendorDetection detection;

  @BeforeEach
  void start() throws Exception {
    client =
        BmcClients.create(
            () ->
                Configs.of(
                    new GatewayConfig.Limits(4, 100), Path.of("."), 1, Duration.ofSeconds(2)),
            (ip, port) -> true,
            threads);
    client.start();
    detection = detection(Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() throws Exception {
    assertEquals(1, places.get(), "places that were given back");
    client.stop();
    threads.shutdownNow();
  }

  private VendorDetection detection(Duration limit) {
    return new VendorDetection(client, gate, VendorProfiles.builtIn(), nanos::get, limit);
  }

  @Test
  void asksForTheRootAsABrowserWithoutASessionWould() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(at("/", ILO))) {
      assertEquals("ilo5", vendor(bmc));

      assertEquals(2, bmc.exchanges().size(), "the root, and a path that nobody has");
      assertEquals(
          "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Encoding: gzip\r\n".formatted(bmc.port()),
          bmc.exchanges().get(0).head());
    }
  }

  @Test
  @SuppressWarnings("try") // HttpClient.close() is Jetty's, and this one is never started.
  void aPlaceIsGivenBackWhenTheBmcCannotEvenBeAsked() throws Exception {
    HttpClient broken =
        new HttpClient() {
          @Override
          public Request newRequest(URI uri) {
            throw new IllegalStateException("broken");
          }
        };
    VendorDetection asking =
        new VendorDetection(broken, gate, VendorProfiles.builtIn(), nanos::get);
    Bmc bmc = unknown(new BmcAddress(loopback(), 1, Optional.empty()));
    assertTrue(asking.detect(bmc).isCompletedExceptionally());
    assertEquals(1, places.get());
  }

  @Test
  void namesTheBmcAsTheBmcNamesItself() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(at("/", ILO))) {
      detection
          .detect(unknown(new BmcAddress(loopback(), bmc.port(), Optional.of("bmc-7.lab"))))
          .get(20, TimeUnit.SECONDS);

      assertEquals(List.of("bmc-7.lab"), bmc.last().values("Host"));
    }
  }

  @Test
  void asksForMoreWhereTheRootDoesNotTell() throws Exception {
    try (ScriptedBmc bmc =
        ScriptedBmc.start(at("/sysmgmt/2015/bmc/info", "{\"ServerGen\" : \"15G\"}"))) {
      assertEquals("idrac9", vendor(bmc));
    }
  }

  @Test
  void aBmcThatSays200ToEverythingIsGeneric() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", NOTHING))) {
      assertEquals("generic", vendor(bmc));
    }
  }

  @Test
  void aBmcThatGivesTheSameMarkersForAnyPathIsGeneric() throws Exception {
    String json = "{\"ServerGen\":\"14G\"} \"ManagerType\":\"iLO 5\"";
    for (String page : List.of(ILO, json, ILO + json)) {
      try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", page))) {
        assertEquals("generic", vendor(bmc), page);
      }
    }
  }

  @Test
  void aBmcThatSendsEverybodyToItsStartPageIsGeneric() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(redirecting())) {
      assertEquals("generic", vendor(bmc));
    }
  }

  @Test
  void twoVendorsMarkersOnOnePageAreOfNeither() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(at("/", ILO + MEGARAC))) {
      assertEquals("generic", vendor(bmc));
    }
  }

  @Test
  void megaracIsKnownThoughItGivesItsStartPageForAnyPath() throws Exception {
    byte[] page = gzip(MEGARAC);
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange -> {
              exchange.say(
                  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                      + (target(exchange).equals("/") ? "Content-Encoding: gzip\r\n" : "")
                      + "Content-Length: "
                      + page.length
                      + "\r\n\r\n");
              exchange.out().write(page);
              exchange.out().flush();
            })) {
      assertEquals("asrockrack", vendor(bmc));
    }
  }

  @Test
  void gzipThatIsNotDeclaredIsReadAllTheSame() throws Exception {
    byte[] page = gzip(ILO);
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange -> {
              if (target(exchange).equals("/")) {
                exchange.say("HTTP/1.1 200 OK\r\nContent-Length: " + page.length + "\r\n\r\n");
                exchange.out().write(page);
                exchange.out().flush();
              } else {
                notFound(exchange);
              }
            })) {
      assertEquals("ilo5", vendor(bmc));
    }
  }

  @Test
  void onlyTheBeginningOfAPageIsRead() throws Exception {
    String block = " ".repeat(8 * 1024);
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange -> {
              exchange.say("HTTP/1.1 200 OK\r\n\r\n" + NOTHING);
              while (true) {
                exchange.say(block);
              }
            })) {
      assertEquals("generic", vendor(bmc));
    }
  }

  @Test
  void aBombIsNotUnpacked() throws Exception {
    byte[] bomb = gzip(" ".repeat(20 << 20) + ILO);
    ProbeAnswer answer = ProbeAnswer.of(200, HttpFields.EMPTY, bomb);

    assertEquals(ProbeAnswer.MAX_BODY_BYTES, answer.body().length());
  }

  @Test
  void whoeverAsksMeanwhileGetsTheSameAnswer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange -> {
              asked.countDown();
              await(answered);
              at("/", ILO).answer(exchange);
            })) {
      List<CompletableFuture<VendorProfile>> all =
          Stream.generate(() -> detection.detect(unknown(address(bmc)))).limit(50).toList();
      await(asked);
      assertEquals(Optional.empty(), detection.known(address(bmc)));
      answered.countDown();
      for (CompletableFuture<VendorProfile> each : all) {
        assertSame(all.get(0).get(20, TimeUnit.SECONDS), each.get(20, TimeUnit.SECONDS));
      }

      assertEquals(2, bmc.exchanges().size());
      assertEquals("ilo5", detection.known(address(bmc)).orElseThrow().name());
    }
  }

  @Test
  void aVendorIsRememberedForAnHourAndNoVendorForFiveMinutes() throws Exception {
    try (ScriptedBmc ilo = ScriptedBmc.start(at("/", ILO));
        ScriptedBmc other = ScriptedBmc.start(at("/", NOTHING))) {
      vendor(ilo);
      vendor(other);
      nanos.addAndGet(Duration.ofMinutes(4).toNanos());
      assertTrue(detection.known(address(other)).isPresent());
      nanos.addAndGet(Duration.ofMinutes(2).toNanos());
      assertEquals(Optional.empty(), detection.known(address(other)));
      nanos.addAndGet(Duration.ofMinutes(53).toNanos());
      assertTrue(detection.known(address(ilo)).isPresent());
      nanos.addAndGet(Duration.ofMinutes(2).toNanos());
      assertEquals(Optional.empty(), detection.known(address(ilo)));
    }
  }

  @Test
  void aBmcThatIsJustStartingIsSoonAskedAgain() throws Exception {
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange ->
                exchange.say("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"))) {
      assertEquals("generic", vendor(bmc));
      nanos.addAndGet(Duration.ofSeconds(31).toNanos());
      assertEquals(Optional.empty(), detection.known(address(bmc)));
    }
  }

  @Test
  void aBmcThatDoesNotAnswerIsNotRemembered() throws Exception {
    List<Script> scripts = List.of(exchange -> exchange.socket().close(), at("/", ILO));
    AtomicLong first = new AtomicLong();
    try (ScriptedBmc bmc =
        ScriptedBmc.start(exchange -> scripts.get(first.get() == 0 ? 0 : 1).answer(exchange))) {
      ExecutionException failure = assertThrows(ExecutionException.class, () -> vendor(bmc));
      assertTrue(failure.getCause() instanceof IOException, failure.toString());
      assertEquals(Optional.empty(), detection.known(address(bmc)));
      first.set(1);
      assertEquals("ilo5", vendor(bmc));
    }
  }

  @Test
  void aBmcWithoutAPlaceIsNotAsked() throws Exception {
    places.set(0);
    try (ScriptedBmc bmc = ScriptedBmc.start(at("/", ILO))) {
      ExecutionException failure = assertThrows(ExecutionException.class, () -> vendor(bmc));
      assertTrue(failure.getCause() instanceof RejectedExecutionException, failure.toString());
      assertEquals(0, bmc.exchanges().size());
      places.set(1);
      assertEquals("ilo5", vendor(bmc));
    }
  }

  @Test
  void aBmcThatKeepsSilentIsGivenUp() throws Exception {
    detection = detection(Duration.ofMillis(300));
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> await(over))) {
      ExecutionException failure = assertThrows(ExecutionException.class, () -> vendor(bmc));
      assertTrue(failure.getCause() instanceof TimeoutException, failure.toString());
      over.countDown();
    }
  }

  @Test
  void aBmcThatKeepsSilentLaterIsGenericForTheMoment() throws Exception {
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange -> {
              if (!target(exchange).equals("/")) {
                exchange.socket().close();
              } else {
                exchange.ok("", NOTHING);
              }
            })) {
      assertEquals("generic", vendor(bmc));
      nanos.addAndGet(Duration.ofSeconds(31).toNanos());
      assertEquals(Optional.empty(), detection.known(address(bmc)));
    }
  }

  private String vendor(ScriptedBmc bmc) throws Exception {
    return detection.detect(unknown(address(bmc))).get(20, TimeUnit.SECONDS).name();
  }

  private static BmcAddress address(ScriptedBmc bmc) {
    return new BmcAddress(loopback(), bmc.port(), Optional.empty());
  }

  private static Bmc unknown(BmcAddress address) {
    VendorProfile generic = VendorProfiles.builtIn().find(Optional.empty()).orElseThrow();
    return new Bmc(address, Optional.empty(), Optional.empty(), generic, /* vendorKnown= */ false);
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByName("127.0.0.1");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A page at one path, and nothing elsewhere. */
  private static Script at(String path, String page) {
    return exchange -> {
      if (target(exchange).equals(path)) {
        exchange.ok("", page);
      } else {
        notFound(exchange);
      }
    };
  }

  private static Script redirecting() {
    return exchange ->
        exchange.say("HTTP/1.1 302 Found\r\nLocation: /start.html\r\nContent-Length: 0\r\n\r\n");
  }

  private static void notFound(Exchange exchange) throws IOException {
    exchange.say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  }

  private static String target(Exchange exchange) {
    return exchange.requestLine().split(" ")[1];
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toByteArray();
  }

  /** One place; nobody waits. */
  private final class Gate implements BmcGate {
    @Override
    public CompletableFuture<Permit> request(Bmc bmc, String session) {
      return places.compareAndSet(1, 0)
          ? CompletableFuture.completedFuture(() -> places.set(1))
          : CompletableFuture.failedFuture(new RejectedExecutionException());
    }

    @Override
    public Optional<Permit> socket(Bmc bmc) {
      throw new AssertionError("an inquiry needs no socket");
    }
  }
}
