package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.console.StoppableRelay;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Consoles whose one end stops reading, in a real server with a heap of 256 MiB: the other end is
 * held up, nothing is lost, and nobody else notices.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsolesUnderLoad {
  /** What the server's JVM is started with: out of memory ends it, and the test with it. */
  static final String JVM = "-Xmx256m -XX:+ExitOnOutOfMemoryError";

  private static final long SOME_BYTES = 64L << 20;
  private static final long ALL_BYTES = 1L << 30;

  /** Longer than any idle time-out that a container has by default. */
  private static final Duration LONG_PAUSE = Duration.ofSeconds(100);

  /** Buffers of the two TCP connections included, which grow to some MiB each. */
  private static final long TAKEN_BYTES = 32L << 20;

  /** With the other console within the bound on consoles of one BMC. */
  private static final int MANY = 30;

  private static final int STALLED_BYTES = 8 << 20;

  /** Nineteen of twenty rounds take less, on a machine that is busy with other tests. */
  private static final long QUICK_MILLIS = 500;

  private FakeBmc bmc;
  private Server server;
  private Wire browser;
  private Wire there;

  /** Lays out the server under test with these settings, not yet started. */
  abstract Server prepare(Path folder, Map<String, String> settings) throws Exception;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    bmc = new FakeBmc();
    server =
        prepare(
            folder,
            Map.of(
                "BMC_NETWORKS",
                "127.0.0.0/8",
                "BMC_PORTS",
                Integer.toString(bmc.port()),
                "JAVA_OPTIONS",
                JVM,
                "CATALINA_OPTS",
                JVM));
    server.start();
  }

  @AfterAll
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    bmc.close();
  }

  private void open(boolean narrow) throws Exception {
    int port = server.browser().port();
    browser = upgraded(narrow ? Wire.connectNarrow(port) : Wire.connect(port));
    there = bmc.nextConsole();
    browser.text("hello");
    assertEquals("hello", there.readFrame().text());
  }

  private Wire upgraded(Wire connected) throws IOException {
    String cookie = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "generic");
    String upgrade = Wire.upgrade("/kvm", cookie).replace("Host: gateway", "Host: localhost");
    String head = connected.write(upgrade).readHead();
    assertEquals(101, Wire.status(head), head);
    return connected;
  }

  @Test
  void aBrowserThatStopsReadingHoldsUpItsBmc() throws Exception {
    stopReading(/* ofBrowser= */ true, SOME_BYTES, Duration.ZERO);
  }

  @Test
  void aBmcThatStopsReadingHoldsUpItsBrowser() throws Exception {
    stopReading(/* ofBrowser= */ false, SOME_BYTES, Duration.ZERO);
  }

  @Test
  @Tag("long")
  void aBrowserThatPausesLosesNothingOfAGibibyte() throws Exception {
    stopReading(/* ofBrowser= */ true, ALL_BYTES, LONG_PAUSE);
  }

  @Test
  @Tag("long")
  void aBmcThatPausesLosesNothingOfAGibibyte() throws Exception {
    stopReading(/* ofBrowser= */ false, ALL_BYTES, LONG_PAUSE);
  }

  private void stopReading(boolean ofBrowser, long total, Duration pause) throws Exception {
    try (Echo other = new Echo()) {
      open(/* narrow= */ ofBrowser);
      Flood flood = Flood.start(ofBrowser ? there : browser, total);
      long taken = flood.awaitStall();
      assertTrue(taken < TAKEN_BYTES, taken + " bytes were taken");
      long end = System.nanoTime() + pause.toNanos();
      Eventually.holds("the pause is over", pause.plusSeconds(1), () -> System.nanoTime() > end);
      assertTrue(flood.isHeldUpAt(taken));
      other.assertWasQuick();
      assertTrue(flood.arrivesAt(ofBrowser ? browser : there));
      other.assertWasQuick();
    } finally {
      // A close would wait for what is still being sent.
      browser.reset();
      there.reset();
    }
  }

  @Test
  @Tag("long")
  void manyConsolesThatStandStillFitInTheHeap() throws Exception {
    List<Wire> ends = new ArrayList<>();
    try (Echo other = new Echo()) {
      List<Flood> floods = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        open(/* narrow= */ true);
        ends.addAll(List.of(browser, there));
        floods.add(Flood.start(i % 2 == 0 ? browser : there, STALLED_BYTES * 8L));
      }
      floods.forEach(Flood::awaitStall);
      other.assertWasQuick();
    } finally {
      for (Wire end : ends) {
        end.reset();
      }
    }
  }

  @Test
  @Tag("long")
  void aBrowserBehindANetworkThatVanishedIsLetGoWithinAMinute() throws Exception {
    try (StoppableRelay network = new StoppableRelay(server.browser().port())) {
      Wire far = upgraded(Wire.connect(network.port()));
      Wire bmcs = bmc.nextConsole();
      far.text("hello");
      assertEquals("hello", bmcs.readFrame().text());

      network.stop();

      Eventually.holds("the BMC is let go", Duration.ofSeconds(60), bmcs::isEnded);
      Eventually.holds("the browser's connection is dropped", network::isReleased);
      far.reset();
    }
  }

  /** Another console, on which one message after the other goes there and back. */
  private final class Echo implements AutoCloseable {
    private final Wire near;
    private final Wire far;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Void> running;
    private final List<Long> millis = new CopyOnWriteArrayList<>();

    Echo() throws Exception {
      near = upgraded(Wire.connect(server.browser().port()));
      far = bmc.nextConsole();
      running = CompletableFuture.runAsync(this::run);
    }

    private void run() {
      try {
        while (!over.get()) {
          long start = System.nanoTime();
          near.text("key");
          assertEquals("key", far.readFrame().text());
          far.text("picture");
          assertEquals("picture", near.skipPings().text());
          millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
          Thread.sleep(20);
        }
      } catch (IOException e) {
        throw new AssertionError("the other console broke", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Nearly every round since the last look was, and there were some. */
    void assertWasQuick() {
      Eventually.holds("the other console goes on", () -> !millis.isEmpty());
      List<Long> rounds = new ArrayList<>(millis);
      millis.clear();
      Collections.sort(rounds);
      long nearlyAll = rounds.get(rounds.size() * 19 / 20);
      assertTrue(nearlyAll < QUICK_MILLIS, nearlyAll + " ms for a round of " + rounds.size());
    }

    @Override
    public void close() throws Exception {
      over.set(true);
      running.get(30, TimeUnit.SECONDS);
      near.close();
      far.close();
    }
  }
}
