package io.github.bmcgateway.sim.idrac8;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.RawConnection;
import io.github.bmcgateway.sim.RecordedSocket;
import io.github.bmcgateway.sim.idrac8.ConsoleMessage.Family;
import io.github.bmcgateway.testing.Eventually;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The console port. */
class Idrac8ConsoleTest extends Idrac8Fixture {

  private static final String UPGRADE =
      "GET %s HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Protocol: %s\n%s\n";

  private String upgrade(String path, String subprotocol, String headers) throws Exception {
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.consolePort())) {
      raw.send(UPGRADE.formatted(path, subprotocol, headers));
      return raw.receive();
    }
  }

  private TestViewer control() throws Exception {
    TestViewer control = TestViewer.open(console, TestViewer.CONTROL);
    JsonNode pair = consoleCredentials();
    ConsoleMessage answer =
        control.logIn(pair.get("tempUser").asText(), pair.get("tempPass").asText());
    assertEquals(0, answer.u32(8));
    appliance = answer.u32(12);
    return control;
  }

  private int appliance;

  @Test
  void thePageForTheCertificateAnswersWhoeverAsks() throws Exception {
    start(Idrac8Simulator.builder());

    String page = console.request("GET", "/index.html").send().getContentAsString();

    assertTrue(page.contains("postMessage('Hello', event.origin)"));
    assertEquals(200, console.request("GET", "/favicon.ico").send().getStatus());
    assertEquals(404, console.request("GET", "/start.html").send().getStatus());
  }

  @Test
  void anUpgradeIsGrantedWithoutExtensionsAndWhateverItsCookies() throws Exception {
    start(Idrac8Simulator.builder());

    String answer =
        upgrade(
            "/",
            "lws-dvc-protocol",
            "Cookie: tokenvalue=1\nSec-WebSocket-Extensions: permessage-deflate\n"
                + "Origin: https://%s\n".formatted(bmc.ownAuthority()));

    assertTrue(answer.startsWith("HTTP/1.1 101"), answer);
    assertTrue(answer.contains("Sec-WebSocket-Protocol: lws-dvc-protocol"));
    assertTrue(!answer.contains("Sec-WebSocket-Extensions"));
    assertEquals(1, bmc.consoleUpgradesWithCookies());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @ParameterizedTest
  @CsvSource({
    "/, binary",
    "/, 'lws-dvc-protocol, binary'",
    "/, ''",
    "/kvm/, lws-dvc-protocol",
    "/?token=1, binary"
  })
  void anotherSubprotocolOrPathIsDroppedWithoutAnAnswer(String path, String subprotocol)
      throws Exception {
    start(Idrac8Simulator.builder());

    assertEquals("", upgrade(path, subprotocol, ""));
    assertEquals(List.of(), bmc.recorder().sockets());
  }

  @Test
  void aHeadOfMoreThan8192BytesIsDropped() throws Exception {
    start(Idrac8Simulator.builder());
    int rest =
        UPGRADE
            .formatted("/", "lws-dvc-protocol", "Cookie: \n")
            .lines()
            .mapToInt(line -> line.length() + 2)
            .sum();

    String fits = upgrade("/", "lws-dvc-protocol", "Cookie: " + "c".repeat(8192 - rest) + "\n");
    String over = upgrade("/", "lws-dvc-protocol", "Cookie: " + "c".repeat(8193 - rest) + "\n");

    assertTrue(fits.startsWith("HTTP/1.1 101"), fits);
    assertEquals("", over);
    assertEquals(List.of("The console's request head has 8193 bytes"), bmc.recorder().violations());
  }

  @Test
  void aForeignOriginIsRecorded() throws Exception {
    start(Idrac8Simulator.builder());

    upgrade("/", "lws-dvc-protocol", "Origin: https://pm.example.com\n");

    assertEquals(
        List.of("Origin isn't the BMC's own: https://pm.example.com (GET /)"),
        bmc.recorder().violations());
  }

  @Test
  void theHelloTellsVersionCapabilityAndKeepAlive() throws Exception {
    start(Idrac8Simulator.builder());
    TestViewer viewer =
        new TestViewer(console.open("/", Map.of(), List.of(ConsolePort.SUBPROTOCOL)));

    ConsoleMessage answer = viewer.hello(TestViewer.VIDEO);

    assertEquals(0x0104, answer.u16(10));
    assertEquals(0x104, answer.u16(14));
    assertEquals(4, answer.u8(53));
    assertEquals(30, answer.u16(54));
    viewer.inventory();
    bmc.recorder()
        .awaitSocket(socket -> socket.events().contains("inventory {\"client_type\":\"HTML5\"}"));
  }

  @Test
  void aUnitMaySpeakWithoutTlsToo() throws Exception {
    start(Idrac8Simulator.builder().clearText());
    TestViewer viewer =
        new TestViewer(console.open("/", Map.of(), List.of(ConsolePort.SUBPROTOCOL)));

    assertEquals(0x105, viewer.hello(TestViewer.CONTROL).u16(14));
    try (Socket plain = new Socket("127.0.0.1", bmc.consolePort())) {
      plain
          .getOutputStream()
          .write(
              UPGRADE
                  .formatted("/", "lws-dvc-protocol", "")
                  .replace("\n", "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] line = plain.getInputStream().readNBytes(12);
      assertEquals("HTTP/1.1 101", new String(line, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void theControlSocketLogsInAndCarriesKeysAndRequests() throws Exception {
    start(Idrac8Simulator.builder());
    TestViewer control = control();

    control.send(ConsoleMessage.make(Family.APCP, 0x0102, 12));
    assertEquals(16, control.answer(Family.APCP, 0x8102).bytes().length);
    control.send(ConsoleMessage.make(Family.APCP, 0x0103, 12));
    ConsoleMessage reconnect = control.answer(Family.APCP, 0x8103);
    assertEquals(reconnect.bytes().length, 12 + reconnect.u8(10) + reconnect.u8(11));
    control.send(
        ConsoleMessage.make(Family.BEEF, ControlChannel.KEY, 12)
            .put(8, (byte) 1)
            .putShort(10, (short) 97));
    control.heartbeat();
    control.send(ConsoleMessage.make(Family.APCP, 0x01FF, 12));

    assertEquals(1000, control.socket().awaitClose());
    RecordedSocket recorded = bmc.recorder().sockets().get(0);
    assertEquals(
        List.of("login", "key 97", "heartbeat", "goodbye"),
        recorded.events().subList(2, recorded.events().size()));
  }

  @Test
  void aWrongLoginIsToldSoAndClosed() throws Exception {
    start(Idrac8Simulator.builder());
    TestViewer control = TestViewer.open(console, TestViewer.CONTROL);

    ConsoleMessage answer = control.logIn("root", bmc.password());

    assertEquals(113, answer.bytes().length);
    assertEquals(1, answer.u32(8));
    assertEquals(1000, control.socket().awaitClose());
  }

  @Test
  void temporaryCredentialsWorkOnce() throws Exception {
    start(Idrac8Simulator.builder());
    JsonNode pair = consoleCredentials();
    String user = pair.get("tempUser").asText();
    String password = pair.get("tempPass").asText();

    TestViewer first = TestViewer.open(console, TestViewer.CONTROL);
    TestViewer second = TestViewer.open(console, TestViewer.CONTROL);

    assertEquals(0, first.logIn(user, password).u32(8));
    assertEquals(1, second.logIn(user, password).u32(8));
  }

  @Test
  void theVideoBeginsOnceTheControlSocketHasAskedForIt() throws Exception {
    start(Idrac8Simulator.builder().frameBytes(40_000));
    TestViewer control = control();
    TestViewer video = TestViewer.open(console, TestViewer.VIDEO);
    video.openVideo(appliance);
    control.askForVideo();

    int pixels = 0;
    while (pixels < 1024 * 768) {
      ByteBuffer message = video.picture();
      assertEquals("VID", new String(message.array(), 0, 3, StandardCharsets.US_ASCII));
      assertEquals(VideoChannel.PICTURE, message.get(5));
      assertEquals(message.limit(), Short.toUnsignedInt(message.getShort(6)));
      assertTrue(message.limit() <= 40_000);
      pixels += message.getShort(12) * message.getShort(14);
    }
    assertEquals(1024 * 768, pixels);
    assertTrue(video.picture().getInt(16) > 0);

    control.socket().close();
    assertEquals(1000, video.socket().awaitClose());
  }

  @Test
  void videoThatNamesNoLoginIsRefused() throws Exception {
    start(Idrac8Simulator.builder());
    control();
    TestViewer video = TestViewer.open(console, TestViewer.VIDEO);

    video.openVideo(appliance + 1);

    assertEquals(1000, video.socket().awaitClose());
  }

  @Test
  void mediaLogsInWithAPairOfItsOwnAndItsImageIsRead() throws Exception {
    start(Idrac8Simulator.builder());
    byte[] image = new byte[200 * MediaChannel.BLOCK];
    new Random(5).nextBytes(image);
    TestViewer control = control();
    TestViewer media = TestViewer.open(console, TestViewer.MEDIA);

    assertEquals(0, media.mediaLogIn(mediaPair(control, 8), mediaPair(control, 40)));
    media.send(ConsoleMessage.make(Family.AVMP, 0x0200, 12));
    ConsoleMessage drives = media.answer(Family.AVMP, 0x8200);
    assertEquals(2, drives.u16(12));
    assertEquals(2, drives.u8(14));
    assertEquals(4, drives.u8(18));
    media.send(
        ConsoleMessage.make(Family.AVMP, MediaChannel.MAP, 20).put(12, (byte) 2).putInt(16, 200));
    for (int sent = 0; sent < 200; ) {
      ConsoleMessage read = media.answer(Family.AVMP, MediaChannel.READ);
      int from = read.u32(12) * MediaChannel.BLOCK;
      int length = read.u32(16) * MediaChannel.BLOCK;
      media.send(
          ConsoleMessage.make(Family.AVMP, MediaChannel.BLOCKS, 20 + length)
              .put(20, Arrays.copyOfRange(image, from, from + length)));
      sent += read.u32(16);
    }

    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image));
    bmc.recorder()
        .awaitSocket(socket -> socket.events().contains("read " + image.length + " " + hash));
  }

  private static String mediaPair(TestViewer control, int at) throws InterruptedException {
    control.send(ConsoleMessage.make(Family.BEEF, 0x0427, 16));
    ConsoleMessage answer = control.answer(Family.BEEF, 0x8434);
    assertEquals(72, answer.bytes().length);
    return new String(answer.bytes(), at, 32, StandardCharsets.US_ASCII).replace("\0", "");
  }

  @Test
  void mediaWithoutItsPairIsRefused() throws Exception {
    start(Idrac8Simulator.builder());
    control();
    TestViewer media = TestViewer.open(console, TestViewer.MEDIA);

    assertEquals(1, media.mediaLogIn("root", bmc.password()));
    assertEquals(1000, media.socket().awaitClose());
  }

  @Test
  void aSocketWithoutHeartbeatIsClosedAndOneWithItStays() throws Exception {
    start(Idrac8Simulator.builder().consoleKeepAlive(Duration.ofSeconds(2)));
    TestViewer silent = TestViewer.open(console, TestViewer.VIDEO);
    TestViewer alive = TestViewer.open(console, TestViewer.VIDEO);

    Eventually.holds(
        "the silent one is closed",
        () -> {
          beat(alive);
          return bmc.recorder().sockets().get(0).events().contains("no heartbeat");
        });

    assertEquals(1000, silent.socket().awaitClose());
    assertTrue(bmc.recorder().sockets().get(1).isOpen());
  }

  private static void beat(TestViewer viewer) {
    try {
      viewer.heartbeat();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMessageThatWasCutOrMergedIsNoticed() throws Exception {
    start(Idrac8Simulator.builder());
    TestViewer viewer = TestViewer.open(console, TestViewer.CONTROL);
    byte[] heartbeat = ConsoleMessage.make(Family.APCP, 0x0400, 20).array();
    byte[] two = Arrays.copyOf(heartbeat, 40);
    System.arraycopy(heartbeat, 0, two, 20, 20);

    viewer.socket().send(two);

    assertEquals(1002, viewer.socket().awaitClose());
    assertEquals(
        List.of("A message on the console was cut or merged: APCP message of 40 bytes says 20 (/)"),
        bmc.recorder().violations());
  }

  @Test
  void aSocketThatDoesntSayWhatItIsForIsClosed() throws Exception {
    start(Idrac8Simulator.builder());
    BmcClient.Socket socket = console.open("/", Map.of(), List.of(ConsolePort.SUBPROTOCOL));

    socket.send(ConsoleMessage.make(Family.BEEF, 0x0102, 217).array());

    assertEquals(1000, socket.awaitClose());
  }
}
