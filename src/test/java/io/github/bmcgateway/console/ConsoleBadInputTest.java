package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * What no peer may send: one clear close each, nothing of it is sent on, and no memory, no thread
 * and no log line is spent on it.
 */
@ParameterizedClass
@EnumSource(WebSocketApi.class)
class ConsoleBadInputTest {
  private static final int FLOOD_BYTES = 32 << 20;

  /** Without masking: it is added to what a browser sends. */
  private static final List<Row> OF_EITHER_SIDE =
      List.of(
          new Row("RSV1 without an extension", "c1 01 61", 1002),
          new Row("RSV2", "a2 01 61", 1002),
          new Row("RSV3", "91 01 61", 1002),
          new Row("RSV1 on a ping", "c9 00", 1002),
          new Row("op code 3", "83 00", 1002),
          new Row("op code 7 with a payload", "87 02 61 62", 1002),
          new Row("op code 11", "8b 00", 1002),
          new Row("op code 15", "8f 01 61", 1002),
          new Row("unknown op code, large payload", "83 7f 00 00 00 00 40 00 00 00 61 62", 1002),
          new Row("fragmented ping", "09 00", 1002),
          new Row("fragmented close", "08 02 03 e8", 1002),
          new Row("ping of 126 bytes", "89 7e 00 7e 61", 1002),
          new Row("close of 64 KiB", "88 7f 00 00 00 00 00 01 00 00 03 e8", 1002),
          new Row("continuation of nothing", "80 01 61", 1002),
          new Row("message within a message", "01 01 61 | 81 01 62", 1002),
          new Row("length of 63 bits", "82 7f 7f ff ff ff ff ff ff ff 61", 1009),
          new Row("length of 64 bits", "82 7f ff ff ff ff ff ff ff ff 61", 1009),
          new Row("text that isn't UTF-8", "81 01 ff", 1007),
          new Row("overlong UTF-8", "81 02 c0 80", 1007),
          new Row("half a surrogate pair", "81 03 ed a0 80", 1007),
          new Row("text cut off", "81 02 e2 82", 1007),
          new Row("fragments that aren't UTF-8", "01 01 e2 | 80 01 61", 1007),
          new Row("close of one byte", "88 01 03", 1002),
          new Row("close 0", "88 02 00 00", 1002),
          new Row("close 999", "88 02 03 e7", 1002),
          new Row("close 1004", "88 02 03 ec", 1002),
          new Row("close 1005", "88 02 03 ed", 1002),
          new Row("close 1006", "88 02 03 ee", 1002),
          new Row("close 1015", "88 02 03 f7", 1002),
          new Row("close 1016", "88 02 03 f8", 1002),
          new Row("close 2999", "88 02 0b b7", 1002),
          new Row("close 5000", "88 02 13 88", 1002),
          new Row("close with a reason that isn't UTF-8", "88 03 03 e8 ff", 1007));

  @Parameter WebSocketApi api;
  private OpenConsole console;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  /** Frames in hexadecimal, with bars between them, and the close code that answers them. */
  private record Row(String name, String frames, int code) {
    void send(Wire from) throws IOException {
      for (String frame : frames.split(" \\| ")) {
        from.write(from.masked(bytes(frame)));
      }
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @BeforeEach
  void start() throws Exception {
    console = new OpenConsole(api);
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void stop() throws Exception {
    logger().detachAppender(log);
    console.close();
  }

  @Test
  void whatABrowserMayNotSendIsAnsweredByOneClose() throws Exception {
    Spent before = settled(() -> breakIn(OF_EITHER_SIDE.get(0), console.browser, console.there));
    for (Row row : OF_EITHER_SIDE) {
      console.open();
      breakIn(row, console.browser, console.there);
    }
    assertNothingSpentSince(before);
  }

  @Test
  void whatABmcMayNotSendIsAnsweredByOneClose() throws Exception {
    Spent before = settled(() -> breakIn(OF_EITHER_SIDE.get(0), console.there, console.browser));
    for (Row row : OF_EITHER_SIDE) {
      console.open();
      breakIn(row, console.there, console.browser);
    }
    assertNothingSpentSince(before);
  }

  private void breakIn(Row row, Wire from, Wire to) throws IOException {
    row.send(from.text("good"));
    assertEquals("good", to.readFrame().text(), row.name());
    assertEquals(row.code(), from.skipTo(Wire.CLOSE).closeCode(), row.name());
    assertTrue(to.isEndedAfterClose(), row.name());
    console.assertReleased();
  }

  @Test
  void aMaskIsRequiredOfBrowsersAndForbiddenToBmcs() throws Exception {
    console.browser.write(new byte[] {(byte) 0x81, 1, 'a'});
    assertEquals(1002, console.browser.skipTo(Wire.CLOSE).closeCode());
    assertTrue(console.there.isEndedAfterClose());
    console.open();
    console.there.write(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'a'});
    assertEquals(1002, console.there.skipTo(Wire.CLOSE).closeCode());
    assertEquals(1002, console.browser.skipTo(Wire.CLOSE).closeCode());
    console.assertReleased();
  }

  @Test
  void aLengthThatIsNotTheShortestIsSentOnAsTheShortest() throws Exception {
    for (String length : List.of("7e 00 01", "7f 00 00 00 00 00 00 00 01")) {
      byte[] frame = bytes("82 " + length + " 61");
      console.there.write(frame);
      assertEquals("a", console.browser.readFrame().text());
      console.browser.write(console.browser.masked(frame));
      assertEquals("a", console.there.readFrame().text());
    }
    console.there.write(bytes("89 7e 00 00"));
    assertEquals(Wire.PONG, console.there.readFrame().opCode());
  }

  /** The shape of CVE-2026-19204: the payload must not be collected before the op code is seen. */
  @Test
  void anUnknownOpCodeIsRefusedWhileItsPayloadIsStillComing() throws Exception {
    Spent before = settled(() -> breakIn(OF_EITHER_SIDE.get(0), console.browser, console.there));
    for (boolean ofBrowser : new boolean[] {true, false}) {
      console.open();
      Wire from = ofBrowser ? console.browser : console.there;
      AtomicLong sent = new AtomicLong();
      CompletableFuture<Void> flood = OpenConsole.inBackground(() -> floodUnknown(from, sent));
      assertThrows(ExecutionException.class, () -> flood.get(30, TimeUnit.SECONDS));
      assertTrue(sent.get() < FLOOD_BYTES, "taken: " + sent);
      console.assertReleased();
    }
    assertNothingSpentSince(before);
  }

  private static void floodUnknown(Wire from, AtomicLong sent) throws IOException {
    from.write(from.masked(bytes("8b 7f 00 00 00 00 7f ff ff ff")));
    byte[] payload = new byte[64 * 1024];
    while (sent.get() < FLOOD_BYTES) {
      from.write(payload);
      sent.addAndGet(payload.length);
    }
  }

  @Test
  void fragmentsThatNeverEndFillNothing() throws Exception {
    byte[] fragment = new byte[64 * 1024];
    for (Wire[] way : bothWays()) {
      Wire from = way[0];
      Spent before = settled(() -> {});
      from.frame(false, Wire.BINARY, fragment);
      CompletableFuture<Void> flood =
          OpenConsole.inBackground(
              () -> {
                for (int sent = 0; sent < FLOOD_BYTES; sent += fragment.length) {
                  from.frame(false, Wire.CONTINUATION, fragment);
                }
              });
      long received = 0;
      while (received < FLOOD_BYTES) {
        received += way[1].readFrame().payload().length;
      }
      flood.get(30, TimeUnit.SECONDS);
      assertNothingSpentSince(before);
    }
    console.browser.reset();
    assertTrue(console.there.isEnded());
  }

  @Test
  void emptyFragmentsAtFullSpeedFillNothing() throws Exception {
    for (Wire[] way : bothWays()) {
      Spent before = settled(() -> {});
      way[0].frame(false, Wire.TEXT, new byte[0]);
      byte[] empty = way[0].masked(new byte[] {0, 0});
      ByteBuffer many = ByteBuffer.allocate(empty.length * 10_000);
      while (many.hasRemaining()) {
        many.put(empty);
      }
      for (int i = 0; i < 20; i++) {
        way[0].write(many.array());
      }
      way[0].frame(true, Wire.CONTINUATION, new byte[] {'e'});
      assertEquals("e", way[1].readMessage().text());
      assertNothingSpentSince(before);
    }
  }

  @Test
  void oneByteFramesOfABrowserAtFullSpeedKeepTheirOrder() throws Exception {
    int count = 20_000;
    CompletableFuture<Void> flood =
        OpenConsole.inBackground(
            () -> {
              for (int i = 0; i < count; i++) {
                console.browser.frame(true, Wire.BINARY, new byte[] {(byte) i});
              }
            });
    for (int i = 0; i < count; i++) {
      assertEquals((byte) i, console.there.readFrame().payload()[0]);
    }
    flood.get(30, TimeUnit.SECONDS);
  }

  @Test
  void pingsOfAPeerThatReadsNoAnswerFillNothing() throws Exception {
    for (boolean ofBrowser : new boolean[] {true, false}) {
      console.openNarrow();
      Spent before = settled(() -> {});
      Wire from = ofBrowser ? console.browser : console.there;
      byte[] ping = from.masked(concat(new byte[] {(byte) 0x89, 125}, new byte[125]));
      AtomicLong sent = new AtomicLong();
      OpenConsole.inBackground(() -> floodPings(from, ping, sent));
      awaitStall(sent);
      assertTrue(sent.get() < FLOOD_BYTES, "taken: " + sent);
      assertNothingSpentSince(before);
      // Closing would wait for the write that is held up.
      from.reset();
      console.assertReleased();
    }
  }

  private static void floodPings(Wire from, byte[] ping, AtomicLong sent) throws IOException {
    ByteBuffer many = ByteBuffer.allocate(ping.length * 1000);
    while (many.hasRemaining()) {
      many.put(ping);
    }
    while (sent.get() < FLOOD_BYTES) {
      from.write(many.array());
      sent.addAndGet(many.capacity());
    }
  }

  private static void awaitStall(AtomicLong sent) {
    long[] last = {-1, System.nanoTime()};
    Eventually.holds(
        "the sender is held up",
        () -> {
          if (sent.get() != last[0]) {
            last[0] = sent.get();
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > TimeUnit.MILLISECONDS.toNanos(500);
        });
  }

  private Wire[][] bothWays() {
    return new Wire[][] {{console.browser, console.there}, {console.there, console.browser}};
  }

  private static byte[] concat(byte[] head, byte[] tail) {
    return ByteBuffer.allocate(head.length + tail.length).put(head).put(tail).array();
  }

  /** What the process has in use. */
  private record Spent(int threads, long heapBytes) {
    private static final int MORE_THREADS = 50;
    private static final long MORE_HEAP_BYTES = 24 << 20;

    static Spent now() {
      System.gc();
      return new Spent(
          Thread.getAllStackTraces().keySet().stream().filter(Spent::counts).toList().size(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    /** The few threads of {@link Sender} come one by one, and are kept for a while. */
    private static boolean counts(Thread thread) {
      return !thread.getName().equals("console-stream");
    }

    boolean isAboutAsMuchAs(Spent before) {
      return threads < before.threads + MORE_THREADS
          && heapBytes < before.heapBytes + MORE_HEAP_BYTES;
    }
  }

  private static Spent settled(OpenConsole.Action warmUp) throws IOException {
    warmUp.run();
    return Spent.now();
  }

  private void assertNothingSpentSince(Spent before) {
    Spent after = Spent.now();
    assertTrue(after.isAboutAsMuchAs(before), before + " before, " + after);
    assertEquals(
        List.of(),
        log.list.stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
            .map(ILoggingEvent::toString)
            .toList());
  }
}
