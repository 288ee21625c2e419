package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a peer counts as lost by what the kernel hears of it. */
class FarEndTest {
  private static final InetSocketAddress HERE = new InetSocketAddress("10.0.0.1", 8443);
  private static final InetSocketAddress THERE = new InetSocketAddress("10.0.0.9", 50_000);
  private static final String KEY = TcpTable.key(HERE, THERE);

  private final FarEnd end = new FarEnd(HERE, THERE);

  private List<Boolean> looks(int... repetitions) {
    return IntStream.of(repetitions)
        .mapToObj(times -> end.isLost(times == 0 ? Map.of() : Map.of(KEY, times)))
        .toList();
  }

  @Test
  void aPeerThatAcknowledgesNothingIsLostAtTheThirdLook() {
    assertEquals(List.of(false, false, true), looks(5, 6, 7));
  }

  @Test
  void fewRepetitionsAreSlownessWhateverTheirDuration() {
    assertEquals(List.of(false, false, false, false, true), looks(1, 2, 3, 3, 4));
  }

  @Test
  void whoAnswersInBetweenIsThere() {
    assertEquals(List.of(false, false, false, false, false), looks(5, 6, 0, 7, 8));
    assertEquals(List.of(false, false, false, false), looks(6, 5, 4, 3));
  }

  @Test
  void aConnectionIsFoundInTheKernelsTable(@TempDir Path folder) throws Exception {
    String head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";
    Path ipv4 =
        Files.writeString(
            folder.resolve("tcp"),
            head
                + "   0: 0100000A:20FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  "
                + "   0        0 1 1 0000000000000000 100 0 0 10 0\n"
                + "   1: 0100000A:20FB 0900000A:C350 01 00000024:00000000 01:00000D22 0000000A  "
                + "   0        0 2 1 0000000000000000 100 0 0 10 0\n");
    Path ipv6 =
        Files.writeString(
            folder.resolve("tcp6"),
            head
                + "   0: 0000000000000000FFFF00000100000A:20FB"
                + " 0000000000000000FFFF00000900000A:C351 01 00000024:00000000 04:00000D22 00000000"
                + "     0        3 2 1 0000000000000000 100 0 0 10 0\n"
                + "   1: B80D0120000000000000000001000000:20FB"
                + " B80D0120000000000000000002000000:C350 01 00000024:00000000 01:00000D22 00000001"
                + "     0        0 2 1 0000000000000000 100 0 0 10 0\n");
    Path missing = folder.resolve("none");

    assertEquals(
        Map.of(
            KEY,
            10,
            TcpTable.key(HERE, new InetSocketAddress("10.0.0.9", 50_001)),
            3,
            TcpTable.key(
                new InetSocketAddress("2001:db8::1", 8443),
                new InetSocketAddress("2001:db8::2", 50_000)),
            1),
        new TcpTable(List.of(ipv4, missing, ipv6)).unanswered());
  }

  /** With its queue full, a listener leaves a connection's first packet without an answer. */
  @Test
  void theKernelsOwnTableShowsAConnectionThatNobodyAnswers() throws Exception {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    try (ServerSocket full = new ServerSocket(0, 1, loopback);
        Socket first = new Socket(loopback, full.getLocalPort());
        Socket second = new Socket(loopback, full.getLocalPort());
        SocketChannel third = SocketChannel.open()) {
      third.bind(new InetSocketAddress(loopback, 0)).configureBlocking(false);
      assertFalse(third.connect(full.getLocalSocketAddress()));
      String waiting =
          TcpTable.key(
              (InetSocketAddress) third.getLocalAddress(),
              (InetSocketAddress) full.getLocalSocketAddress());
      Eventually.holds(
          "the kernel has asked again",
          () -> TcpTable.ofKernel().unanswered().containsKey(waiting));
      assertTrue(first.isConnected() && second.isConnected());
    }
  }

  @Test
  void allConsolesAreLookedAtAtEveryTick(@TempDir Path folder) throws Exception {
    Path table = folder.resolve("tcp");
    Files.writeString(
        table, "head\n 0: " + KEY + " 01 00000024:00000000 01:00000D22 00000009 0 0 2\n");
    Timing quick =
        new Timing(
            Duration.ofMinutes(1),
            Duration.ofMillis(20),
            Duration.ofMinutes(1),
            Duration.ofMillis(20));
    ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("ticks", true);
    scheduler.start();
    try {
      Consoles consoles = new Consoles(quick, scheduler, new TcpTable(List.of(table)));
      Bridge bridge = consoles.create(Bounds.NONE);
      CompletableFuture<Integer> closed = new CompletableFuture<>();
      bridge.dialling(new Mute());
      bridge.browserOpened(new Answering(bridge, closed));
      bridge.bmcAt(new FarEnd(HERE, THERE));
      bridge.fromBrowser(
          new Part(Part.Kind.TEXT, ByteBuffer.allocate(0), /* last= */ true), new Ignored());
      consoles.keep(bridge, () -> {});
      assertEquals(1011, closed.get(10, TimeUnit.SECONDS));
    } finally {
      scheduler.stop();
    }
  }

  /** A BMC that takes everything, as its kernel's buffers do, and says nothing. */
  private static final class Mute implements BmcSocket {
    @Override
    public void demand() {}

    @Override
    public void send(Part part, Sent sent) {
      sent.sent();
    }

    @Override
    public void close(Close close) {}

    @Override
    public void abort() {}
  }

  /** A browser that answers pings. */
  private record Answering(Bridge bridge, CompletableFuture<Integer> closed)
      implements BrowserSocket {
    @Override
    public void send(Part part, Sent sent) {
      sent.sent();
    }

    @Override
    public void ping() {
      bridge.browserActive();
    }

    @Override
    public void close(Close close) {
      closed.complete(close.code());
    }

    @Override
    public void abort() {}
  }

  private record Ignored() implements Sent {
    @Override
    public void sent() {}

    @Override
    public void failed(Throwable cause) {}
  }
}
