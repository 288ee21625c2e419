package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What holds for consoles in every container, shown at both ends of the wire. */
final class ConsoleChecks {
  private static final int LONG_BYTES = 16 << 20;

  /**
   * RSV1, unknown op code, long ping, ping in fragments, bad close code, length of 64 bits, text
   * that isn't UTF-8. A length of 63 bits is allowed: Tomcat takes it and Jetty doesn't.
   */
  private static final List<String> BAD_FRAMES =
      List.of(
          "c1 01 61",
          "8b 7f 00 00 00 00 40 00 00 00 61",
          "89 7e 00 7e 61",
          "09 00",
          "88 02 03 ed",
          "82 7f ff ff ff ff ff ff ff ff 61",
          "81 02 c0 80");

  private final int port;
  private final FakeBmc bmc;
  private final String cookie;

  ConsoleChecks(int port, FakeBmc bmc) {
    this.port = port;
    this.bmc = bmc;
    this.cookie = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "generic");
  }

  /** Both ends of a console. */
  private record Ends(Wire browser, Wire there) implements AutoCloseable {
    List<Wire[]> bothWays() {
      return List.of(new Wire[] {there, browser}, new Wire[] {browser, there});
    }

    @Override
    public void close() throws IOException {
      browser.close();
      there.close();
    }
  }

  private Ends open(String target) throws Exception {
    Wire browser = Wire.connect(port);
    // The certificate's host, which a Jetty by default insists on.
    String upgrade = Wire.upgrade(target, cookie).replace("Host: gateway", "Host: localhost");
    String head = browser.write(upgrade).readHead();
    assertEquals(101, Wire.status(head), head);
    assertTrue(bmc.nextHead().startsWith("GET " + target + " HTTP/1.1\r\n"));
    return new Ends(browser, bmc.nextConsole());
  }

  void targetsArriveByteForByte() throws Exception {
    for (String target : List.of("/kvm/0?a=%2C,b&c=1+2", "//x/|[1]?y=|[2]")) {
      open(target).close();
    }
  }

  void messagesKeepTheirKindAndBounds() throws Exception {
    try (Ends ends = open("/kvm")) {
      for (Wire[] way : ends.bothWays()) {
        byte[] frame = random(64 * 1024);
        way[0].text("").text("𝄞").frame(true, Wire.BINARY, new byte[0]);
        way[0].frame(true, Wire.BINARY, frame).text("after");
        assertEquals("TEXT ''", describe(way[1].readFrame()));
        assertEquals("TEXT '𝄞'", describe(way[1].readFrame()));
        assertEquals("BINARY ''", describe(way[1].readFrame()));
        assertArrayEquals(frame, way[1].readFrame().payload());
        assertEquals("TEXT 'after'", describe(way[1].readFrame()));
      }
    }
  }

  private static String describe(Wire.Frame frame) {
    assertTrue(frame.fin());
    return (frame.opCode() == Wire.TEXT ? "TEXT" : "BINARY") + " '" + frame.text() + "'";
  }

  void charactersMayBeSplit() throws Exception {
    byte[] clef = "𝄞".getBytes(StandardCharsets.UTF_8);
    try (Ends ends = open("/kvm")) {
      for (Wire[] way : ends.bothWays()) {
        way[0].frame(false, Wire.TEXT, new byte[] {clef[0], clef[1]});
        way[0].frame(false, Wire.CONTINUATION, new byte[] {clef[2]});
        way[0].frame(true, Wire.CONTINUATION, new byte[] {clef[3]});
        assertEquals("𝄞", way[1].readMessage().text());
      }
    }
  }

  void longMessagesPass() throws Exception {
    byte[] message = random(LONG_BYTES);
    try (Ends ends = open("/kvm")) {
      for (Wire[] way : ends.bothWays()) {
        CompletableFuture<Wire> sending =
            CompletableFuture.supplyAsync(() -> send(way[0], message));
        assertArrayEquals(message, way[1].skipPings().payload());
        sending.get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static Wire send(Wire from, byte[] message) {
    try {
      return from.frame(true, Wire.BINARY, message);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void pingsAreAnswered() throws Exception {
    try (Ends ends = open("/kvm")) {
      for (Wire[] way : ends.bothWays()) {
        way[0].frame(true, Wire.PING, new byte[] {'p'});
        assertEquals("p", way[0].skipTo(Wire.PONG).text());
      }
    }
  }

  void closesPassBothWays(int code, String reason) throws Exception {
    for (boolean ofBrowser : new boolean[] {true, false}) {
      try (Ends ends = open("/kvm")) {
        Wire from = ofBrowser ? ends.browser() : ends.there();
        Wire to = ofBrowser ? ends.there() : ends.browser();
        from.close(code, reason);
        Wire.Frame close = to.skipTo(Wire.CLOSE);
        assertEquals(code + reason, close.closeCode() + close.closeReason());
        to.close(code, "");
        assertEquals(code, from.skipTo(Wire.CLOSE).closeCode());
        assertTrue(ends.browser().isEnded() && ends.there().isEnded());
      }
    }
  }

  void aBadGatewayIs(int code) throws Exception {
    try (Ends ends = open("/kvm")) {
      ends.there().close(1014, "");
      assertEquals(code, ends.browser().skipTo(Wire.CLOSE).closeCode());
    }
  }

  void aCloseWithoutCodeIs(int code) throws Exception {
    try (Ends ends = open("/kvm")) {
      ends.there().frame(true, Wire.CLOSE, new byte[0]);
      assertEquals(code, ends.browser().skipTo(Wire.CLOSE).closeCode());
    }
  }

  void badInputOfABrowserIsCutOff() throws Exception {
    for (String frame : BAD_FRAMES) {
      try (Ends ends = open("/kvm")) {
        cutOff(frame, ends.browser(), ends.there());
      }
    }
    try (Ends ends = open("/kvm")) {
      ends.browser().write(new byte[] {(byte) 0x81, 1, 'a'});
      assertTrue(ends.there().isEndedAfterClose());
    }
  }

  void badInputOfABmcIsCutOff() throws Exception {
    for (String frame : BAD_FRAMES) {
      try (Ends ends = open("/kvm")) {
        cutOff(frame, ends.there(), ends.browser());
      }
    }
  }

  private static void cutOff(String frame, Wire from, Wire to) throws IOException {
    from.text("good").write(from.masked(HexFormat.ofDelimiter(" ").parseHex(frame)));
    assertEquals("good", to.readFrame().text());
    assertTrue(endsOnceAnswered(to), frame);
    assertTrue(endsOnceAnswered(from), frame);
  }

  /** Tomcat waits a while for the answer to its close frame, Jetty doesn't. */
  private static boolean endsOnceAnswered(Wire wire) {
    try {
      int code = wire.skipTo(Wire.CLOSE).closeCode();
      wire.close(code, "");
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException gone) {
      return true;
    }
    return wire.isEnded();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
