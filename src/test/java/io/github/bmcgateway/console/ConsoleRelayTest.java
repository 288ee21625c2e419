package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through an open console, and how it ends. */
@ParameterizedClass
@EnumSource(WebSocketApi.class)
class ConsoleRelayTest {
  @Parameter WebSocketApi api;
  private FakeBmc bmc;
  private Gateway gateway;
  private Wire browser;
  private Wire there;

  @BeforeEach
  void start() throws Exception {
    bmc = new FakeBmc();
    gateway = new Gateway(bmc.port(), Gateway.QUICK, Set.of(api));
    open();
  }

  private void restart(Timing timing) throws Exception {
    gateway.close();
    gateway = new Gateway(bmc.port(), timing, Set.of(api));
    open();
  }

  private void open() throws Exception {
    browser = gateway.open("/kvm");
    there = bmc.nextConsole();
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    gateway.close();
    bmc.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Neither side has anything left, and the session knows of no work. */
  private void assertReleased() {
    Eventually.holds("the session has no work", () -> gateway.session.running() == 0);
  }

  @Test
  void messagesKeepTheirKindAndBoundsBothWays() throws Exception {
    there.text("grüße").frame(true, Wire.BINARY, new byte[] {0, -1, 1});
    Wire.Frame text = browser.readFrame();
    assertEquals(Wire.TEXT, text.opCode());
    assertEquals("grüße", text.text());
    assertFalse(text.masked());
    Wire.Frame binary = browser.readFrame();
    assertEquals(Wire.BINARY, binary.opCode());
    assertArrayEquals(new byte[] {0, -1, 1}, binary.payload());

    browser.text("𝄞 key").frame(true, Wire.BINARY, new byte[] {7});
    Wire.Frame up = there.readFrame();
    assertEquals(Wire.TEXT, up.opCode());
    assertEquals("𝄞 key", up.text());
    assertTrue(up.masked());
    assertArrayEquals(new byte[] {7}, there.readFrame().payload());
  }

  @Test
  void emptyMessagesArriveBothWays() throws Exception {
    there.text("").frame(true, Wire.BINARY, new byte[0]).text("x");
    assertEquals(0, browser.readFrame().payload().length);
    assertEquals(Wire.BINARY, browser.readFrame().opCode());
    assertEquals("x", browser.readFrame().text());
    browser.text("").frame(true, Wire.BINARY, new byte[0]).text("y");
    assertEquals(0, there.readFrame().payload().length);
    assertEquals(Wire.BINARY, there.readFrame().opCode());
    assertEquals("y", there.readFrame().text());
  }

  @Test
  void aCharacterSplitOverFragmentsStaysWhole() throws Exception {
    byte[] clef = utf8("𝄞");
    for (Wire[] way : new Wire[][] {{there, browser}, {browser, there}}) {
      way[0].frame(false, Wire.TEXT, new byte[] {clef[0]});
      way[0].frame(false, Wire.CONTINUATION, new byte[] {clef[1], clef[2]});
      way[0].frame(false, Wire.CONTINUATION, new byte[0]);
      way[0].frame(true, Wire.PING, utf8("in between"));
      way[0].frame(true, Wire.CONTINUATION, new byte[] {clef[3], '!'});
      assertEquals("in between", way[0].skipTo(Wire.PONG).text());
      assertEquals("𝄞!", way[1].skipPings().text());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {125, 126, 4096, 16_384, 65_535, 65_536, 200_000})
  void whatWasOneFrameArrivesAsOneFrame(int size) throws Exception {
    byte[] bytes = random(size);
    there.frame(true, Wire.BINARY, bytes);
    Wire.Frame down = browser.readFrame();
    assertTrue(down.fin());
    assertArrayEquals(bytes, down.payload());
    browser.frame(true, Wire.BINARY, bytes);
    Wire.Frame up = there.readFrame();
    assertTrue(up.fin());
    assertArrayEquals(bytes, up.payload());
  }

  @ParameterizedTest
  @ValueSource(ints = {300_000, 5_000_000})
  void longMessagesAreStreamed(int size) throws Exception {
    byte[] bytes = random(size);
    inBackground(() -> there.frame(true, Wire.BINARY, bytes));
    Wire.Frame down = browser.skipPings();
    assertEquals(Wire.BINARY, down.opCode());
    assertArrayEquals(bytes, down.payload());
    inBackground(() -> browser.frame(true, Wire.BINARY, bytes));
    Wire.Frame up = there.readMessage();
    assertEquals(Wire.BINARY, up.opCode());
    assertArrayEquals(bytes, up.payload());
    there.text("after");
    assertEquals("after", browser.skipPings().text());
    browser.text("after");
    assertEquals("after", there.readFrame().text());
  }

  @Test
  void longTextIsStreamedWithoutTearingCharacters() throws Exception {
    String text = "a" + "é𝄞漢".repeat(60_000);
    inBackground(() -> there.text(text));
    assertEquals(text, browser.skipPings().text());
    inBackground(() -> browser.text(text));
    assertEquals(text, there.readMessage().text());
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private interface Action {
    Object run() throws IOException;
  }

  private static CompletableFuture<Void> inBackground(Action action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
                done.complete(null);
              } catch (IOException e) {
                done.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  @Test
  void theBmcsPingsAreAnsweredAndItIsNeverPinged() throws Exception {
    restart(Gateway.PINGING);
    there.frame(true, Wire.PING, utf8("p"));
    Wire.Frame pong = there.readFrame();
    assertEquals(Wire.PONG, pong.opCode());
    assertEquals("p", pong.text());
    browser.skipTo(Wire.PING);
    browser.frame(true, Wire.PONG, new byte[0]).text("done");
    assertEquals("done", there.readFrame().text());
  }

  @ParameterizedTest
  @CsvSource({
    "1000,bye",
    "1001,''",
    "1002,x",
    "1003,x",
    "1007,x",
    "1008,x",
    "1009,x",
    "1011,x",
    "1012,x",
    "1013,all consoles in use",
    "1014,bad gateway",
    "3000,x",
    "4007,ünï",
    "4999,''"
  })
  void theBmcsCloseCodeAndReasonReachTheBrowser(int code, String reason) throws Exception {
    there.close(code, reason);
    Wire.Frame close = browser.skipTo(Wire.CLOSE);
    assertEquals(code, close.closeCode());
    assertEquals(reason, close.closeReason());
    browser.close(code, "");
    assertEquals(Wire.CLOSE, there.readFrame().opCode());
    assertTrue(there.isEnded());
    assertTrue(browser.isEnded());
    assertReleased();
  }

  @ParameterizedTest
  @CsvSource({"1000,bye", "1001,''", "1011,x", "3000,x", "4007,ünï"})
  void theBrowsersCloseCodeAndReasonReachTheBmc(int code, String reason) throws Exception {
    browser.close(code, reason);
    Wire.Frame close = there.readFrame();
    assertEquals(Wire.CLOSE, close.opCode());
    assertEquals(code, close.closeCode());
    assertEquals(reason, close.closeReason());
    there.close(code, "");
    assertTrue(there.isEnded());
    assertEquals(Wire.CLOSE, browser.skipTo(Wire.CLOSE).opCode());
    assertTrue(browser.isEnded());
    assertReleased();
  }

  @Test
  void aCloseWithoutCodeIsNotGivenAReservedOne() throws Exception {
    browser.frame(true, Wire.CLOSE, new byte[0]);
    assertEquals(0, there.readFrame().payload().length);
    there.frame(true, Wire.CLOSE, new byte[0]);
    assertReleased();
    open();
    there.frame(true, Wire.CLOSE, new byte[0]);
    // jakarta.websocket can't send none.
    int none = api == WebSocketApi.JETTY ? 1005 : 1000;
    assertEquals(none, browser.skipTo(Wire.CLOSE).closeCode());
  }

  @Test
  void theBmcGetsItsAnswerOnlyWhenTheBrowserHasAnswered() throws Exception {
    there.close(4001, "over");
    browser.skipTo(Wire.CLOSE);
    browser.close(4001, "over");
    assertEquals(4001, there.readFrame().closeCode());
  }

  @Test
  void aBmcThatDoesNotAnswerACloseIsDropped() throws Exception {
    restart(Gateway.IMPATIENT);
    browser.close(1000, "");
    assertEquals(Wire.CLOSE, there.readFrame().opCode());
    assertTrue(there.isEnded());
    assertReleased();
  }

  @Test
  void aBrowserThatDoesNotAnswerACloseIsDropped() throws Exception {
    restart(Gateway.IMPATIENT);
    there.close(1000, "");
    browser.skipTo(Wire.CLOSE);
    assertTrue(browser.isEnded());
    assertTrue(there.readFrame().opCode() == Wire.CLOSE);
    assertReleased();
  }

  @Test
  void aBmcThatHangsUpWithoutAWordIs1001() throws Exception {
    there.close();
    assertEquals(1001, browser.skipTo(Wire.CLOSE).closeCode());
    browser.close(1001, "");
    assertReleased();
  }

  @Test
  void aBmcWhoseConnectionIsResetIs1001() throws Exception {
    there.reset();
    assertEquals(1001, browser.skipTo(Wire.CLOSE).closeCode());
    browser.close(1001, "");
    assertReleased();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBmcThatBreaksOffWithinAMessageIs1011(boolean reset) throws Exception {
    there.text("whole").frame(false, Wire.TEXT, utf8("ha"));
    assertEquals("whole", browser.readFrame().text());
    if (reset) {
      there.reset();
    } else {
      there.close();
    }
    assertEquals(1011, browser.skipTo(Wire.CLOSE).closeCode());
    assertReleased();
  }

  @Test
  void aBrowserThatVanishesReleasesTheBmcAtOnce() throws Exception {
    browser.close();
    assertTrue(there.isEnded());
    assertReleased();
    open();
    browser.reset();
    assertTrue(there.isEnded());
    assertReleased();
  }

  @Test
  void aBrowserThatAnswersNoPingIsGone() throws Exception {
    restart(Gateway.PINGING);
    assertTrue(there.isEnded());
    assertReleased();
  }

  @Test
  void aQuietConsoleWhoseBrowserAnswersPingsStaysOpen() throws Exception {
    restart(Gateway.PINGING);
    for (int i = 0; i < 5; i++) {
      browser.skipTo(Wire.PING);
      browser.frame(true, Wire.PONG, new byte[0]);
    }
    there.text("still here");
    assertEquals("still here", browser.skipPings().text());
  }

  @Test
  void aQuietConsoleOutlivesTheIdleTimeoutsOfBothSides() throws Exception {
    // Time enough for a handshake on a busy machine.
    gateway.setIdleTimeouts(Duration.ofMillis(1000));
    open();
    assertTrue(browser.isQuietFor(Duration.ofMillis(2500)));
    there.text("down");
    assertEquals("down", browser.readFrame().text());
    browser.text("up");
    assertEquals("up", there.readFrame().text());
  }

  @ParameterizedTest
  @CsvSource({"EXPIRED,4401,1000", "LOGGED_OUT,4401,1000", "SHUTDOWN,1001,1001"})
  void theSessionsEndClosesBothSides(End reason, int toBrowser, int toBmc) throws Exception {
    gateway.session.end(reason);
    assertEquals(toBrowser, browser.skipTo(Wire.CLOSE).closeCode());
    browser.close(toBrowser, "");
    Wire.Frame close = there.readFrame();
    assertEquals(Wire.CLOSE, close.opCode());
    assertEquals(toBmc, close.closeCode());
    there.close(toBmc, "");
    assertTrue(there.isEnded());
    assertTrue(browser.isEnded());
    assertReleased();
  }

  @Test
  void theSessionsEndClosesAConsoleWhoseBrowserDoesNotRead() throws Exception {
    restart(Gateway.IMPATIENT);
    browser.close();
    there.close();
    browser = Wire.connectNarrow(gateway.port());
    browser.write(Wire.upgrade("/kvm")).readHead();
    there = bmc.nextConsole();
    AtomicLong sent = new AtomicLong();
    Wire flooding = there;
    CompletableFuture<Void> flood = inBackground(() -> flood(flooding, 64 << 20, 64 * 1024, sent));
    awaitStall(sent);
    gateway.session.end(End.EXPIRED);
    // What it still sends is thrown away until it answers the close frame or its time is up.
    Eventually.holds("the BMC is released", flood::isDone);
    assertReleased();
  }

  private static Object flood(Wire from, long total, int messageBytes, AtomicLong sent)
      throws IOException {
    byte[] message = new byte[messageBytes];
    while (sent.get() < total) {
      from.frame(true, Wire.BINARY, message);
      sent.addAndGet(messageBytes);
    }
    return sent;
  }

  private static void awaitStall(AtomicLong sent) {
    long[] last = {-1};
    long[] since = {System.nanoTime()};
    Eventually.holds(
        "the sender is held up",
        () -> {
          if (sent.get() != last[0]) {
            last[0] = sent.get();
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > TimeUnit.MILLISECONDS.toNanos(700);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {64 * 1024, 1024 * 1024})
  void aBrowserThatDoesNotReadHoldsUpTheBmcAndLosesNothing(int messageBytes) throws Exception {
    long total = 64L << 20;
    browser.close();
    browser = Wire.connectNarrow(gateway.port());
    browser.write(Wire.upgrade("/kvm")).readHead();
    there = bmc.nextConsole();
    AtomicLong sent = new AtomicLong();
    Wire flooding = there;
    CompletableFuture<Void> flood = inBackground(() -> flood(flooding, total, messageBytes, sent));
    awaitStall(sent);
    // What is underway is in the kernel's buffers and in one message at most.
    assertTrue(sent.get() < 24 << 20, "taken from the BMC: " + sent);
    long received = 0;
    while (received < total) {
      received += browser.skipPings().payload().length;
    }
    flood.get(30, TimeUnit.SECONDS);
    assertEquals(total, received);
  }

  @Test
  void aBmcThatDoesNotReadHoldsUpTheBrowserAndLosesNothing() throws Exception {
    long total = 64L << 20;
    AtomicLong sent = new AtomicLong();
    CompletableFuture<Void> flood = inBackground(() -> flood(browser, total, 64 * 1024, sent));
    awaitStall(sent);
    assertTrue(sent.get() < 24 << 20, "taken from the browser: " + sent);
    long received = 0;
    while (received < total) {
      received += there.readMessage().payload().length;
    }
    flood.get(30, TimeUnit.SECONDS);
    assertEquals(total, received);
  }

  @Test
  void aBmcThatTakesNothingIsGivenUpInTheEnd() throws Exception {
    restart(
        new Timing(
            Gateway.QUICK.handshake(),
            Gateway.PINGING.ping(),
            Duration.ofSeconds(1),
            Gateway.QUICK.close()));
    inBackground(() -> flood(browser, 1L << 30, 64 * 1024, new AtomicLong()));
    assertEquals(1011, browser.skipTo(Wire.CLOSE).closeCode());
    assertReleased();
  }

  @ParameterizedTest
  @CsvSource({
    // RSV1 without an extension; unknown op codes; a control frame in pieces or too long.
    "c1 01 61, 1002",
    "83 00, 1002",
    "8b 00, 1002",
    "8f ff ff ff ff ff ff ff ff ff, 1002",
    "09 00, 1002",
    "89 7e 00 7e 61, 1002",
    // A masked frame; a continuation of nothing; a message within a message.
    "81 81 01 02 03 04 60, 1002",
    "80 01 61, 1002",
    "01 01 61 81 01 62, 1002",
    // A length beyond what can be held.
    "82 7f 7f ff ff ff ff ff ff ff, 1009",
    // Close codes that don't exist, and one cut short.
    "88 02 03 ed, 1002",
    "88 02 03 ee, 1002",
    "88 02 03 e7, 1002",
    "88 02 13 88, 1002",
    "88 01 03, 1002",
    // Text that isn't UTF-8, whole and in pieces.
    "81 01 ff, 1007",
    "81 02 c0 80, 1007",
    "81 01 c3, 1007",
    "01 01 e2 80 01 82, 1007"
  })
  void aBmcThatBreaksTheProtocolIsCutOffAndNoneOfItIsSentOn(String hex, int code) throws Exception {
    there.text("good").write(bytes(hex));
    assertEquals("good", browser.skipPings().text());
    assertEquals(code, browser.skipTo(Wire.CLOSE).closeCode());
    browser.close(code, "");
    assertEquals(code, there.skipTo(Wire.CLOSE).closeCode());
    assertReleased();
    open();
    there.text("next");
    assertEquals("next", browser.readFrame().text());
  }

  @ParameterizedTest
  @CsvSource({
    "81 01 61, 1002",
    "c1 81 00 00 00 00 61, 1002",
    "83 80 00 00 00 00, 1002",
    "09 80 00 00 00 00, 1002",
    "80 81 00 00 00 00 61, 1002",
    "82 ff 7f ff ff ff ff ff ff ff 00 00 00 00, 1009",
    "88 82 00 00 00 00 03 ed, 1002",
    "81 81 00 00 00 00 ff, 1007",
    "01 81 00 00 00 00 e2 80 81 00 00 00 00 61, 1007"
  })
  void aBrowserThatBreaksTheProtocolIsCutOff(String hex, int code) throws Exception {
    browser.text("good").write(bytes(hex));
    assertEquals("good", there.readFrame().text());
    assertEquals(code, browser.skipTo(Wire.CLOSE).closeCode());
    assertTrue(there.isEndedAfterClose());
    assertReleased();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  @Test
  void plainHttpAfterThe101IsAProtocolError() throws Exception {
    there.write("HTTP/1.1 503 Busy\r\n\r\n");
    assertEquals(1002, browser.skipTo(Wire.CLOSE).closeCode());
  }

  @Test
  void oneByteFramesAtFullSpeedKeepTheirOrder() throws Exception {
    int count = 20_000;
    inBackground(
        () -> {
          for (int i = 0; i < count; i++) {
            there.frame(true, Wire.BINARY, new byte[] {(byte) i});
          }
          return there;
        });
    for (int i = 0; i < count; i++) {
      assertEquals((byte) i, browser.skipPings().payload()[0]);
    }
  }
}
