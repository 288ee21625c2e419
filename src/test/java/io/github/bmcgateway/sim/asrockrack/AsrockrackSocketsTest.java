package io.github.bmcgateway.sim.asrockrack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bmcgateway.testing.Eventually;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eclipse.jetty.client.ContentResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The upgrade, the frames and the protocols on the simulated board's WebSockets. */
class AsrockrackSocketsTest extends SimulatorFixture {

  private void assertNothingWrong() {
    assertEquals(List.of(), bmc.recorder().violations());
  }

  private void assertWrong(String start) {
    Eventually.holds(
        "a violation: " + start,
        () -> bmc.recorder().violations().stream().anyMatch(each -> each.startsWith(start)));
  }

  private String answer(String head) throws Exception {
    try (TestSocket socket = connect()) {
      return socket.handshake(head);
    }
  }

  private static String status(String answer) {
    return answer.lines().findFirst().orElse("").replaceFirst("HTTP/1\\.[01] (\\d+).*", "$1");
  }

  @Test
  void theAnswerIsJustThisAndAConsoleIsGreetedAtOnce() throws Exception {
    start(AsrockrackSimulator.builder());
    TestSocket socket = connect();

    String answer = socket.handshake(upgradeHead("/kvm", credentials()));

    assertEquals(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + "Sec-WebSocket-Protocol: binary\r\n\r\n",
        answer);
    assertArrayEquals(HexFormat.of().parseHex("82081700000000000200"), socket.raw(10));
    assertNothingWrong();
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-WebSocket-Key, sec-websocket-key, 400",
    "Sec-WebSocket-Key, Sec-Websocket-Key, 503",
    "Sec-WebSocket-Version, Sec-Websocket-Version, 503",
    "Sec-WebSocket-Version, sec-websocket-version, 503",
    "Upgrade, upgrade, 200",
    "Connection, connection, 200",
    "Host, host, 400",
    "Origin, origin, 400",
    "Sec-WebSocket-Protocol, sec-websocket-protocol, 101"
  })
  void anUpgradesHeaderNamesAreComparedByCase(String right, String sent, String status)
      throws Exception {
    start(AsrockrackSimulator.builder());
    String head = upgradeHead("/kvm", credentials());

    assertEquals(status, status(answer(head.replace("\n" + right + ":", "\n" + sent + ":"))));
    if (Character.isLowerCase(sent.charAt(0))) {
      assertWrong("Header name in lower case: " + sent);
    }

    start(AsrockrackSimulator.builder().without(Quirk.CASE_SENSITIVE_UPGRADE));
    String same = upgradeHead("/kvm", credentials());
    assertEquals("101", status(answer(same.replace("\n" + right + ":", "\n" + sent + ":"))));
  }

  @Test
  void valuesOfAnUpgradeMayVary() throws Exception {
    start(AsrockrackSimulator.builder());
    String head =
        upgradeHead("/kvm", credentials())
            .replace("Upgrade: websocket", "Upgrade: WebSocket")
            .replace("Connection: Upgrade", "Connection: keep-alive, Upgrade");

    assertEquals("101", status(answer(head)));
  }

  @Test
  void anUpgradeNeedsAnOrigin() throws Exception {
    start(AsrockrackSimulator.builder());
    String origin = "Origin: https://" + bmc.ownAuthority() + "\n";
    assertEquals("400", status(answer(upgradeHead("/kvm", credentials()).replace(origin, ""))));

    start(AsrockrackSimulator.builder().without(Quirk.UPGRADE_NEEDS_ORIGIN));
    String head = upgradeHead("/kvm", credentials());
    assertEquals("101", status(answer(head.replaceFirst("Origin: [^\n]+\n", ""))));
  }

  @Test
  void anUpgradeNeedsASession() throws Exception {
    start(AsrockrackSimulator.builder());
    assertEquals("401", status(answer(upgradeHead("/kvm", Map.of()))));

    start(AsrockrackSimulator.builder().without(Quirk.UPGRADE_NEEDS_SESSION));
    assertEquals("101", status(answer(upgradeHead("/kvm", Map.of()))));
  }

  @Test
  void theSubprotocolIsBinaryEvenUnasked() throws Exception {
    String line = "Sec-WebSocket-Protocol: binary, base64\n";
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    String none = answer(upgradeHead("/kvm", credentials).replace(line, ""));
    String other = answer(upgradeHead("/kvm", credentials).replace("binary, base64", "base64"));
    assertTrue(none.contains("Sec-WebSocket-Protocol: binary\r\n"));
    assertTrue(other.contains("Sec-WebSocket-Protocol: binary\r\n"));

    start(AsrockrackSimulator.builder().without(Quirk.ALWAYS_BINARY));
    String asked = answer(upgradeHead("/kvm", credentials()));
    assertTrue(asked.contains("Sec-WebSocket-Protocol: binary\r\n"));
    String unasked = answer(upgradeHead("/kvm", credentials()).replace(line, ""));
    assertFalse(unasked.contains("Sec-WebSocket-Protocol"));
  }

  @Test
  void theConsoleShowsAMovingPictureInMessagesOfUpTo64KiB() throws Exception {
    start(AsrockrackSimulator.builder());
    TestSocket socket = console(credentials());
    socket.sendBinary(Ivtp.Packet.of(Ivtp.POWER_STATUS, 0).bytes());
    assertEquals(1, socket.packet(Ivtp.POWER_STATUS).status());

    socket.sendBinary(Ivtp.Packet.of(Ivtp.GET_FULL_SCREEN, 0).bytes());
    ByteBuffer whole = little(socket.packet(Ivtp.VIDEO_PACKETS));
    socket.packet(Ivtp.POWER_STATUS);
    Ivtp.Packet first = socket.packet(Ivtp.VIDEO_PACKETS);
    Ivtp.Packet second = socket.packet(Ivtp.VIDEO_PACKETS);

    assertEquals(86, whole.getShort(4));
    assertEquals(800, whole.getShort(6));
    assertEquals(2 + 8 + 2 * 800 * 600, whole.getInt(2 + 69));
    assertEquals(65_536, socket.largestMessage());
    assertFalse(Arrays.equals(first.payload(), second.payload()));
    assertNothingWrong();
  }

  private static ByteBuffer little(Ivtp.Packet packet) {
    return ByteBuffer.wrap(packet.payload()).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void packetsMaySpanMessagesAndShareThem() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    JsonNode settings = json(as(credentials, "POST", "/api/kvm/token"));
    TestSocket socket = open("/kvm", credentials);
    byte[] complete = Ivtp.Packet.of(Ivtp.CONNECTION_COMPLETE, 1).bytes();
    byte[] validation = validation(settings, bmc.user(), /* withServer= */ false);
    byte[] all = Arrays.copyOf(complete, complete.length + validation.length);
    System.arraycopy(validation, 0, all, complete.length, validation.length);

    socket.send(Frame.ofClient(Frame.BINARY, Arrays.copyOf(all, 3)));
    socket.send(Frame.ofClient(0x80, Arrays.copyOfRange(all, 3, 200)));
    socket.send(Frame.ofClient(0x80 | Frame.TEXT, Arrays.copyOfRange(all, 200, all.length)));

    assertEquals(1, socket.packet(Ivtp.VALIDATED).payload()[0]);
    assertNothingWrong();
  }

  @Test
  void aTokenOpensOneConsole() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    JsonNode settings = json(as(credentials, "GET", "/api/settings/media/h5viewercfg"));

    for (int expected : new int[] {1, 0}) {
      TestSocket socket = open("/kvm", credentials);
      socket.sendBinary(Ivtp.Packet.of(Ivtp.CONNECTION_COMPLETE, 1).bytes());
      socket.sendBinary(validation(settings, bmc.user(), /* withServer= */ true));
      assertEquals(expected, socket.packet(Ivtp.VALIDATED).payload()[0]);
      if (expected == 0) {
        assertEquals(0, socket.rest().length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_ip", "server_ip"})
  void anAddressThatWasRewrittenOnTheWayOpensNoConsole(String field) throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    JsonNode settings = json(as(credentials, "GET", "/api/settings/media/h5viewercfg"));
    ((ObjectNode) settings).put(field, "203.0.113.7");
    TestSocket socket = open("/kvm", credentials);
    socket.sendBinary(Ivtp.Packet.of(Ivtp.CONNECTION_COMPLETE, 1).bytes());

    socket.sendBinary(validation(settings, bmc.user(), /* withServer= */ true));

    assertEquals(0, socket.packet(Ivtp.VALIDATED).payload()[0]);
  }

  @Test
  void aConsoleTakesKeysAndPointer() throws Exception {
    start(AsrockrackSimulator.builder());
    TestSocket socket = console(credentials());

    byte[] key = {0, 0, 0x1D, 0, 0, 0, 0, 0};
    byte[] mouse = {1, 0x2C, 0x01, 7, 0, 0};
    socket.sendBinary(new Ivtp.Packet(Ivtp.HID, 0, Iusb.input(0x10, key)).bytes());
    socket.sendBinary(new Ivtp.Packet(Ivtp.HID, 0, Iusb.input(0x20, mouse)).bytes());

    bmc.recorder().awaitSocket(each -> each.events().containsAll(List.of("key 29", "mouse 300 7")));
    assertNothingWrong();
    byte[] broken = Iusb.input(0x10, key);
    broken[9]++;
    socket.sendBinary(new Ivtp.Packet(Ivtp.HID, 0, broken).bytes());
    assertWrong("Broken input report");
  }

  @Test
  void aStreamOutOfStepIsNoticed() throws Exception {
    start(AsrockrackSimulator.builder());
    TestSocket socket = open("/kvm", credentials());

    socket.sendBinary("0123456789".getBytes(StandardCharsets.US_ASCII));

    assertWrong("The console's stream is out of step");
  }

  @Test
  void aConsoleWithoutKeepAliveIsStopped() throws Exception {
    start(AsrockrackSimulator.builder().keepAliveLimit(Duration.ofSeconds(1)));
    TestSocket socket = console(credentials());

    socket.packet(Ivtp.STOP_SESSION);

    assertEquals(0, socket.rest().length);
  }

  @Test
  void aConsoleWhoseVideoIsDownSaysSo() throws Exception {
    start(AsrockrackSimulator.builder().videoDown());
    TestSocket socket = open("/kvm", credentials());

    assertArrayEquals(HexFormat.of().parseHex("82083b00000000000000"), socket.rest());
  }

  @Test
  void aPingIsNeverAnswered() throws Exception {
    byte[] ping = Frame.ofClient(0x80 | Frame.PING, new byte[] {1});
    start(AsrockrackSimulator.builder());
    TestSocket ignored = serial(ping);
    assertArrayEquals("x".getBytes(StandardCharsets.US_ASCII), ignored.message());
    assertWrong("WebSocket ping (/h5sol)");

    start(AsrockrackSimulator.builder().without(Quirk.IGNORES_PING));
    TestSocket answered = serial(ping);
    assertArrayEquals(new byte[] {(byte) 0x8A, 1, 1}, answered.raw(3));
    assertNothingWrong();
  }

  private TestSocket serial(byte[] frame) throws Exception {
    TestSocket socket = open("/h5sol", credentials());
    socket.send(frame);
    socket.sendBinary(new byte[] {'x'});
    return socket;
  }

  @Test
  void aCloseFrameIsFollowedByTheEndAlone() throws Exception {
    byte[] close = Frame.ofClient(0x80 | Frame.CLOSE, new byte[] {0x03, (byte) 0xE8});
    start(AsrockrackSimulator.builder());
    TestSocket silent = open("/h5sol", credentials());
    silent.send(close);
    assertEquals(0, silent.rest().length);
    bmc.recorder().awaitSocket(socket -> socket.closeCode() == 1000);

    start(AsrockrackSimulator.builder().without(Quirk.CLOSES_WITHOUT_FRAME));
    TestSocket polite = open("/h5sol", credentials());
    polite.send(close);
    assertArrayEquals(new byte[] {(byte) 0x88, 2, 3, (byte) 0xE8}, polite.rest());
  }

  @Test
  void framesWithoutMaskOrWithReservedBitsEndTheConnection() throws Exception {
    start(AsrockrackSimulator.builder());
    TestSocket unmasked = open("/h5sol", credentials());
    unmasked.send(Frame.ofServer(Frame.BINARY, new byte[] {1}, 0, 1));
    assertEquals(0, unmasked.rest().length);
    assertWrong("Frame without a mask");

    TestSocket reserved = open("/h5sol", credentials());
    reserved.send(Frame.ofClient(0xC0 | Frame.BINARY, new byte[] {1}));
    assertEquals(0, reserved.rest().length);
    assertWrong("Reserved bits 4");
  }

  @Test
  void aLargeMessageTakesTheWebServerDown() throws Exception {
    start(AsrockrackSimulator.builder().restartTime(Duration.ofSeconds(2)));
    Map<String, String> credentials = credentials();
    TestSocket bystander = open("/h5sol", credentials);
    TestSocket socket = open("/h5sol", credentials);
    socket.sendBinary(new byte[131_134]);
    assertEquals(65_536, socket.message().length);
    assertNothingWrong();
    socket.sendBinary(new byte[131_135]);
    assertWrong("Message of 131135 bytes");
    socket.send(Arrays.copyOf(Frame.ofClient(0x80 | Frame.BINARY, new byte[262_145]), 20));

    bystander.rest();
    Eventually.holds("the web server is down", () -> !isServing());
    Eventually.holds("the web server is back", this::isServing);
  }

  private boolean isServing() {
    try {
      // On a connection of its own: Jetty's client may forget a request whose connection just ends.
      return client
              .request("GET", "/")
              .headers(headers -> headers.put("Connection", "close"))
              .send()
              .getStatus()
          == 200;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void fragmentsCountAsOneMessageAndTheLimitCanBeLifted() throws Exception {
    start(AsrockrackSimulator.builder());
    TestSocket socket = open("/h5sol", credentials());
    socket.send(Frame.ofClient(Frame.BINARY, new byte[100_000]));
    socket.send(Frame.ofClient(0x80, new byte[40_000]));
    assertWrong("Message of 140000 bytes");

    start(AsrockrackSimulator.builder().without(Quirk.CRASHES_ON_LARGE_MESSAGE));
    TestSocket unlimited = open("/h5sol", credentials());
    unlimited.sendBinary(new byte[300_000]);
    assertEquals(65_536, unlimited.message().length);
    assertNothingWrong();
  }

  @Test
  void theNinthSocketGetsPlainHttpAfterThe101() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    TestSocket first = open("/kvm", credentials);
    for (int i = 1; i < 8; i++) {
      open("/kvm", credentials);
    }

    TestSocket ninth = open("/cd-server", credentials);

    String rest = new String(ninth.rest(), StandardCharsets.US_ASCII);
    assertTrue(rest.startsWith("HTTP/1.1 200 OK\r\n"), rest);
    assertTrue(rest.contains("Transfer-Encoding: chunked\r\n"));
    first.close();
    bmc.recorder().awaitSocket(socket -> !socket.isOpen());
    open("/kvm", credentials).packet(Ivtp.CONNECTION_ALLOWED);
  }

  @Test
  void withoutThatLimitTheNinthSocketIsAsGoodAsTheFirst() throws Exception {
    start(AsrockrackSimulator.builder().socketPool(1).without(Quirk.NINTH_SOCKET_GETS_HTTP));
    Map<String, String> credentials = credentials();
    open("/kvm", credentials);

    open("/kvm", credentials).packet(Ivtp.CONNECTION_ALLOWED);
  }

  @Test
  void aConsoleStaysListedUntilItIsDeleted() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    TestSocket socket = console(credentials);
    socket.sendBinary(Ivtp.Packet.of(Ivtp.STOP_SESSION, 0).bytes());
    socket.rest();
    String path = "/api/settings/service-sessions";

    JsonNode listed = json(as(credentials, "GET", path + "?service_id=2"));

    assertEquals("127.0.0.1", listed.at("/0/client_ip").asText());
    String id = listed.at("/0/session_id").asText();
    ContentResponse deleted = as(credentials, "DELETE", path + "/" + id).send();
    assertEquals(200, deleted.getStatus());
    assertEquals(0, json(as(credentials, "GET", path + "?service_id=2")).size());
    assertEquals(1, json(as(credentials, "GET", path + "?service_id=1")).size());
  }

  @Test
  void theUnitReadsAMediumBlockByBlock() throws Exception {
    start(AsrockrackSimulator.builder());
    byte[] image = new byte[100 * MediaSocket.BLOCK];
    new Random(5).nextBytes(image);
    TestSocket socket = media(credentials(), MediaSocket.ACK_OK);

    socket.sendBinary(Iusb.media(Iusb.DEVICE_INFO, 0, 0, 0, new byte[0]));
    assertEquals(Iusb.READ_CAPACITY, socket.message()[Iusb.COMMAND] & 0xFF);
    byte[] capacity = ByteBuffer.allocate(8).putInt(99).putInt(MediaSocket.BLOCK).array();
    socket.sendBinary(Iusb.media(Iusb.READ_CAPACITY, 0, 0, 0, capacity));
    for (int sent = 0; sent < image.length; ) {
      ByteBuffer asked = ByteBuffer.wrap(socket.message());
      int start = asked.getInt(Iusb.COMMAND + 2) * MediaSocket.BLOCK;
      int length = asked.getShort(Iusb.COMMAND + 7) * MediaSocket.BLOCK;
      byte[] data = Arrays.copyOfRange(image, start, start + length);
      socket.sendBinary(Iusb.media(Iusb.READ_10, 0, 0, 0, data));
      sent += length;
    }

    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    String read = "read " + image.length + " " + HexFormat.of().formatHex(sha256.digest(image));
    bmc.recorder().awaitSocket(each -> each.events().contains(read));
    assertNothingWrong();
  }

  private TestSocket media(Map<String, String> credentials, int expected) throws Exception {
    String token = json(as(credentials, "GET", "/api/kvm/token")).get("token").asText();
    TestSocket socket = open("/cd-server", credentials);
    socket.sendBinary(Iusb.media(Iusb.AUTH, 0, 0, 0, token.getBytes(StandardCharsets.US_ASCII)));
    assertEquals(expected, socket.message()[Iusb.STATUS]);
    return socket;
  }

  @Test
  void onlyOneCdIsMountedAtATime() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    TestSocket first = media(credentials, MediaSocket.ACK_OK);
    media(credentials, MediaSocket.ACK_IN_USE);

    first.sendBinary(Iusb.media(Iusb.DISCONNECT, 0, 0, 0, new byte[0]));
    assertEquals(0, first.rest().length);

    media(credentials, MediaSocket.ACK_OK);
  }

  @Test
  void theSerialConsoleEchoesForTheRightToken() throws Exception {
    start(AsrockrackSimulator.builder());
    Map<String, String> credentials = credentials();
    assertEquals("401", status(answer(upgradeHead("/sol?CSRFTOKEN=wrong", credentials))));
    TestSocket socket = open("/sol?CSRFTOKEN=" + credentials.get("X-CSRFTOKEN"), credentials);

    socket.sendBinary("ls\r".getBytes(StandardCharsets.US_ASCII));

    assertArrayEquals("ls\r".getBytes(StandardCharsets.US_ASCII), socket.message());
  }
}
