package io.github.bmcgateway.sim.ilo5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.RecordedSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Console, media and the unknown rest of {@code /wss}. */
class Ilo5SocketsTest extends Ilo5Fixture {

  private static final String UPGRADE =
      "GET /wss/ircport HTTP/1.1\nHost: @HOST@\nUpgrade: websocket\nConnection: %s\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: %d\n"
          + "Sec-WebSocket-Extensions: permessage-deflate\nSec-WebSocket-Protocol: binary\n"
          + "Cookie: sessionKey=%s\n\n";

  @Test
  void theUnitSpeaksFirstThenTheViewerThenThePictureMoves() throws Exception {
    start();
    String key = logIn();
    TestViewer viewer = viewer(key);

    assertEquals(0x52, viewer.greet(key));
    ByteBuffer whole = viewer.picture();
    ByteBuffer part = viewer.picture();

    assertEquals(1024, whole.getShort(0));
    assertEquals(768, whole.getShort(2));
    assertEquals(12 + 8 + 2 * 1024 * 768, whole.capacity());
    assertTrue(part.capacity() < whole.capacity());
    assertTrue(part.getInt(8) > whole.getInt(8));
    assertNull(viewer.socket().subprotocol());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void inputIsUnderstoodRecordByRecord() throws Exception {
    start();
    String key = logIn();
    TestViewer viewer = viewer(key);
    viewer.greet(key);

    viewer.send(1, 0, 0, 0, 4, 5, 0, 0, 0, 0);
    viewer.send(2, 0, 0xB8, 0x0B, 10, 0, 0, 0, 1, 0);
    viewer.send(0, 0, 1, 0);
    viewer.send(0x0C, 0);
    viewer.send(0x05, 0);
    viewer.send(0x0F);
    viewer.send(0x0F, 0);

    RecordedSocket socket =
        bmc.recorder().awaitSocket(s -> s.events().stream().filter("idle"::equals).count() == 2);
    assertEquals(
        List.of(
            "handshake",
            "running",
            "key 4",
            "key 5",
            "click 3000,10",
            "power 1",
            "acknowledged",
            "refresh",
            "idle",
            "idle"),
        socket.events());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void noiseComesInBetween() throws Exception {
    start(Ilo5Simulator.builder().frameInterval(Duration.ofMillis(5)).burstBytes(1000));
    String key = logIn();
    TestViewer viewer = viewer(key);
    viewer.greet(key);
    byte[] record = viewer.record();
    while (record[2] != 2) {
      record = viewer.record();
    }

    assertEquals(12 + 1000, record.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0100000004050000000002", "0C000C00", "0200B90B0000000000", "07", ""})
  void mergedCutOrUnknownRecordsAreViolations(String hex) throws Exception {
    start();
    String key = logIn();
    TestViewer viewer = viewer(key);
    viewer.greet(key);

    viewer.socket().send(HexFormat.of().parseHex(hex));

    assertEquals(1002, viewer.socket().awaitClose());
    assertEquals(
        List.of("Unknown console record of " + hex.length() / 2 + " bytes (/wss/ircport)"),
        bmc.recorder().violations());
  }

  @Test
  void aWrongHelloIsDenied() throws Exception {
    start();
    String key = logIn();
    TestViewer wrongKey = viewer(key);
    TestViewer cut = viewer(key);

    assertEquals(0x51, wrongKey.greet("0".repeat(32)));
    assertEquals(1000, wrongKey.socket().awaitClose());
    cut.socket().receive();
    cut.socket().send(new byte[] {1, 0x20});
    assertArrayEquals(new byte[] {0x51}, cut.socket().receive());
    assertEquals(1000, cut.socket().awaitClose());
  }

  @ParameterizedTest
  @CsvSource({"DENIED, 81", "NO_LICENCE, 87", "NO_SESSIONS, 88"})
  void theUnitMayTurnAViewerAway(ConsoleAnswer answer, int code) throws Exception {
    start(Ilo5Simulator.builder().consoleAnswer(answer));
    String key = logIn();
    TestViewer viewer = viewer(key);

    assertEquals(code, viewer.greet(key));
    assertEquals(1000, viewer.socket().awaitClose());
  }

  @ParameterizedTest
  @CsvSource({"BUSY, 83, 85, seize", "BUSY_SHARED, 89, 86, share"})
  void aBusyConsoleIsSeizedOrShared(ConsoleAnswer answer, int code, int reply, String event)
      throws Exception {
    start(Ilo5Simulator.builder().consoleAnswer(answer));
    String key = logIn();
    TestViewer viewer = viewer(key);

    assertEquals(code, viewer.greet(key));
    viewer.send(reply, 0);

    assertArrayEquals(new byte[] {0x52}, viewer.socket().receive());
    viewer.picture();
    assertTrue(bmc.recorder().sockets().get(0).events().contains(event));
  }

  @Test
  void theEleventhConsoleFindsNoSlot() throws Exception {
    start();
    String key = logIn();
    for (int i = 0; i < 10; i++) {
      assertEquals(0x52, viewer(key).greet(key));
    }

    assertEquals(0x58, viewer(key).greet(key));
  }

  @Test
  void aLogoutClosesTheConsole() throws Exception {
    start();
    String key = logIn();
    TestViewer viewer = viewer(key);
    viewer.greet(key);

    post(LOGIN, "{\"method\":\"logout\",\"session_key\":\"" + key + "\"}").send();

    assertEquals(1000, viewer.socket().awaitClose());
  }

  @Test
  void aSilentViewerIsClosed() throws Exception {
    start(Ilo5Simulator.builder().consoleIdle(Duration.ofSeconds(1)));
    String key = logIn();
    TestViewer viewer = viewer(key);

    viewer.greet(key);

    assertEquals(1000, viewer.socket().awaitClose());
    assertTrue(bmc.recorder().sockets().get(0).events().contains("silent"));
  }

  @Test
  void aSocketNeedsTheCookie() throws Exception {
    start();
    String key = logIn();

    assertEquals(403, client.refusal("/wss/ircport"));
    assertEquals(403, client.refusal("/wss/ircport", Map.of("X-Auth-Token", key)));
    assertEquals(403, client.refusal("/wss/other"));
    assertEquals(400, withCookie("GET", "/wss/ircport", key).send().getStatus());
  }

  @Test
  void theConnectionHeaderMustBeJustUpgradeWithACapital() throws Exception {
    start();
    String key = logIn();

    String upgraded = raw(UPGRADE.formatted("Upgrade", 13, key));

    assertTrue(upgraded.startsWith("HTTP/1.1 101"));
    assertFalse(upgraded.contains("Sec-WebSocket-Protocol"));
    assertFalse(upgraded.contains("Sec-WebSocket-Extensions"));
    for (String other : List.of("upgrade", "keep-alive, Upgrade", "UPGRADE")) {
      assertTrue(raw(UPGRADE.formatted(other, 13, key)).startsWith("HTTP/1.1 400"), other);
    }
    assertTrue(raw(UPGRADE.formatted("Upgrade", 8, key)).startsWith("HTTP/1.1 400"));
    start(Ilo5Quirk.EXACT_UPGRADE);
    assertTrue(raw(UPGRADE.formatted("upgrade", 13, logIn())).startsWith("HTTP/1.1 101"));
  }

  @Test
  void anotherOriginIsRefused() throws Exception {
    start();

    assertEquals(
        403,
        client.refusal(
            "/wss/ircport",
            Map.of("Cookie", "sessionKey=" + logIn(), "Origin", "https://gateway.example")));
  }

  @Test
  void pingsAndTextAreViolations() throws Exception {
    start();
    String key = logIn();
    TestViewer viewer = viewer(key);
    viewer.greet(key);

    viewer.socket().send(new Frame(OpCode.PING));
    viewer.socket().send(new Frame(OpCode.TEXT, "x"));

    assertEquals(1003, viewer.socket().awaitClose());
    assertEquals(
        List.of("WebSocket ping (/wss/ircport)", "Text frame on a binary console (/wss/ircport)"),
        bmc.recorder().violations());
  }

  @Test
  void virtualMediaIsReadWithLargeAnswers() throws Exception {
    start(Ilo5Simulator.builder().mediaReadBytes(1L << 30));
    String key = logIn();
    byte[] image = new byte[300 * MediaSocket.BLOCK];
    new Random(1).nextBytes(image);
    BmcClient.Socket media = socket("/wss/vmport", key);
    assertArrayEquals(new byte[] {0x50}, media.receive());
    media.send(TestViewer.hello(key));
    assertArrayEquals(new byte[] {0x52}, media.receive());

    for (byte[] command = media.receive(); command[0] != 0; command = media.receive()) {
      assertEquals(12, command.length);
      media.send(answer(command, image));
    }

    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image));
    bmc.recorder().awaitSocket(s -> s.events().contains("read " + image.length + " " + digest));
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void aCutMediaAnswerIsAViolation() throws Exception {
    start();
    String key = logIn();
    BmcClient.Socket media = socket("/wss/vmport", key);
    media.receive();
    media.send(TestViewer.hello(key));
    media.receive();

    media.send(new byte[15]);

    assertEquals(1002, media.awaitClose());
    assertEquals(
        List.of("Media answer of 15 bytes isn't whole (/wss/vmport)"), bmc.recorder().violations());
  }

  private static byte[] answer(byte[] command, byte[] image) {
    ByteBuffer in = ByteBuffer.wrap(command);
    boolean capacity = command[0] == 0x25;
    int from = capacity ? 0 : in.getInt(2) * MediaSocket.BLOCK;
    int length = capacity ? 8 : in.getInt(6) * MediaSocket.BLOCK;
    ByteBuffer out = ByteBuffer.allocate(16 + length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MediaSocket.MAGIC).putLong(0).putInt(length);
    if (capacity) {
      out.order(ByteOrder.BIG_ENDIAN);
      out.putInt(image.length / MediaSocket.BLOCK - 1).putInt(MediaSocket.BLOCK);
    } else {
      out.put(image, from, length);
    }
    return out.array();
  }

  @Test
  void anyOtherSocketEchoes() throws Exception {
    start();
    BmcClient.Socket socket = socket("/wss/anything", logIn());
    byte[] large = new byte[300_000];
    new Random(3).nextBytes(large);

    socket.send(large);

    ByteBuffer echoed = ByteBuffer.allocate(large.length);
    while (echoed.hasRemaining()) {
      echoed.put(socket.receive());
    }
    assertArrayEquals(large, echoed.array());
  }
}
