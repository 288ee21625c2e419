package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Upgrades, a thousand at once, to a BMC that isn't there any more: each gets its status in time,
 * and neither threads nor memory nor the log nor anybody else's console pay for it.
 */
class DeadBmcTest {
  private static final int HANDSHAKES = 1000;

  /** Also the time in which a slow machine has to take a thousand requests. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);

  /** Far from as long as a dial, for which it would wait if it were behind one. */
  private static final long QUICK_MILLIS = HANDSHAKE.toMillis() / 2;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<Wire> crowd = new ArrayList<>();
  private FakeBmc living;
  private Gateway gateway;
  private Wire console;
  private Wire there;

  /** Nobody listens: every connection is refused. */
  private static final class Refusing implements DeadBmc {
    private final Socket bound = new Socket();

    Refusing() throws IOException {
      // Bound and not listening: nobody else can take the port meanwhile.
      bound.bind(new InetSocketAddress("127.0.0.1", 0));
    }

    @Override
    public int port() {
      return bound.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      bound.close();
    }
  }

  /** Packets are dropped: connections are never answered. */
  private static final class BlackHole implements DeadBmc {
    private final ServerSocket listener;
    private final List<Socket> queue = new ArrayList<>();

    BlackHole() throws IOException {
      listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
      // With its queue full of connections that nobody takes, the kernel drops the next one's SYN.
      for (int i = 0; i < 3; i++) {
        Socket one = new Socket();
        queue.add(one);
        fill(one);
      }
    }

    private void fill(Socket one) {
      try {
        one.connect(listener.getLocalSocketAddress(), /* timeout= */ 200);
      } catch (IOException full) {
        // As it should be for the last.
      }
    }

    @Override
    public int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket one : queue) {
        one.close();
      }
      listener.close();
    }
  }

  /** Connections are taken by the kernel, and then nothing comes: no TLS, no HTTP. */
  private static final class Silent implements DeadBmc {
    private final ServerSocket listener =
        new ServerSocket(0, 2000, InetAddress.getByName("127.0.0.1"));

    Silent() throws IOException {}

    @Override
    public int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private interface DeadBmc extends AutoCloseable {
    int port();

    @Override
    void close() throws IOException;
  }

  @BeforeEach
  void start() throws Exception {
    living = new FakeBmc();
    gateway =
        new Gateway(
            living.port(), Gateway.QUICK.withHandshake(HANDSHAKE), Set.of(WebSocketApi.JETTY));
    console = gateway.open("/kvm");
    there = living.nextConsole();
    for (int i = 0; i < HANDSHAKES; i++) {
      crowd.add(Wire.connect(gateway.port()).write("GET / HTTP/1.1\r\nHost: gateway\r\n\r\n"));
    }
    for (Wire one : crowd) {
      one.readBody(one.readHead());
    }
    log.start();
    root().addAppender(log);
  }

  @AfterEach
  void stop() throws Exception {
    root().detachAppender(log);
    for (Wire one : crowd) {
      one.reset();
    }
    gateway.close();
    living.close();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Test
  void aThousandUpgradesAtOnceCostNothing() throws Exception {
    try (DeadBmc refusing = new Refusing();
        DeadBmc blackHole = new BlackHole();
        DeadBmc silent = new Silent()) {
      rush(refusing);
      assertEachIsAnswered(502);
      Spent before = Spent.now();
      rush(refusing);
      assertConsoleIsQuick();
      assertEachIsAnswered(502);
      for (DeadBmc mute : List.of(blackHole, silent)) {
        rush(mute);
        assertConsoleIsQuick();
        assertAllWaitWithoutThreads();
        assertEachIsAnswered(504);
      }
      Spent after = Spent.now();
      assertTrue(after.isAboutAsMuchAs(before), before + " before, " + after);
    }
    assertEquals(List.of(), logged());
  }

  private void rush(DeadBmc to) throws IOException {
    gateway.setBmc(to.port());
    for (Wire one : crowd) {
      one.write(Wire.upgrade("/kvm"));
    }
  }

  private void assertAllWaitWithoutThreads() {
    Eventually.holds(
        "all wait and no thread does",
        () -> gateway.session.running() == HANDSHAKES + 1 && threadsInGateway() == 0);
  }

  private static long threadsInGateway() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("qtp"))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .filter(frame -> frame.getClassName().startsWith("io.github.bmcgateway."))
        .count();
  }

  private void assertEachIsAnswered(int status) throws IOException {
    for (Wire one : crowd) {
      String head = one.readHead();
      assertEquals(status, Wire.status(head), head);
      one.readBody(head);
    }
    assertConsoleIsQuick();
    Eventually.holds("only the living is left", () -> gateway.session.running() == 1);
  }

  private void assertConsoleIsQuick() throws IOException {
    long start = System.nanoTime();
    console.text("key");
    assertEquals("key", there.readFrame().text());
    there.text("picture");
    assertEquals("picture", console.readFrame().text());
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    assertTrue(millis < QUICK_MILLIS, millis + " ms");
  }

  private List<String> logged() {
    return log.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .map(ILoggingEvent::toString)
        .toList();
  }

  /** What the process has in use. */
  private record Spent(int threads, long heapBytes) {
    /** What the container's pool may still grow by, far from one for each upgrade. */
    private static final int MORE_THREADS = 200;

    private static final long MORE_HEAP_BYTES = 16 << 20;

    static Spent now() {
      System.gc();
      return new Spent(
          threadCount(), ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    static int threadCount() {
      return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    boolean isAboutAsMuchAs(Spent before) {
      return threads < before.threads + MORE_THREADS
          && heapBytes < before.heapBytes + MORE_HEAP_BYTES;
    }
  }
}
