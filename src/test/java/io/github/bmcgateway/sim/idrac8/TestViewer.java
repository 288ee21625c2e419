package io.github.bmcgateway.sim.idrac8;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.idrac8.ConsoleMessage.Family;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The viewer's side of the console port, one step at a time. Not thread-safe. */
final class TestViewer {

  static final int CONTROL = 3;
  static final int VIDEO = 4;
  static final int MEDIA = 2;

  private static final Map<Integer, String> HELLOS =
      Map.of(
          CONTROL, "415043500000004401000104" + "0302290000000605",
          VIDEO, "415043500000004401000104" + "0402290000000605",
          MEDIA, "415043500000004401000104" + "02010e0000000605");

  private final BmcClient.Socket socket;

  TestViewer(BmcClient.Socket socket) {
    this.socket = socket;
  }

  /** Opens a socket and goes through hello and inventory. */
  static TestViewer open(BmcClient console, int purpose) throws Exception {
    TestViewer viewer =
        new TestViewer(console.open("/", Map.of(), List.of(ConsolePort.SUBPROTOCOL)));
    viewer.hello(purpose);
    viewer.inventory();
    return viewer;
  }

  BmcClient.Socket socket() {
    return socket;
  }

  /** Says what the socket is for; gives the answer. */
  ConsoleMessage hello(int purpose) throws InterruptedException {
    ByteBuffer out = ByteBuffer.allocate(68);
    out.put(0, HexFormat.of().parseHex(HELLOS.get(purpose)));
    socket.send(out.array());
    ConsoleMessage answer = answer(Family.APCP, 0x8100);
    assertEquals(56, answer.bytes().length);
    return answer;
  }

  void inventory() throws InterruptedException {
    byte[] json = "{\"client_type\":\"HTML5\"}".getBytes(StandardCharsets.US_ASCII);
    send(
        ConsoleMessage.make(Family.APCP, 0x0201, 20 + json.length)
            .putInt(16, json.length)
            .put(20, json));
    ConsoleMessage answer = answer(Family.APCP, 0x8201);
    assertEquals(answer.bytes().length - 20, answer.u32(16));
  }

  /** Logs in on a control socket; gives the answer. */
  ConsoleMessage logIn(String user, String password) throws InterruptedException {
    ByteBuffer out = ConsoleMessage.make(Family.BEEF, 0x0102, 217);
    text(out, 8, user);
    text(out, 105, password);
    send(out);
    return answer(Family.BEEF, 0x8305);
  }

  /** Names the login on a video socket. */
  void openVideo(int appliance) {
    send(ConsoleMessage.make(Family.BEEF, 0x0001, 16).putInt(8, 1).putInt(12, appliance));
  }

  /** Makes the requests on a control socket that the video waits for. */
  void askForVideo() {
    for (int request = 0x0410; request < 0x0414; request++) {
      send(ConsoleMessage.make(Family.BEEF, request, 12));
    }
  }

  /** Logs in on a media socket; gives the status. */
  int mediaLogIn(String user, String password) throws InterruptedException {
    ByteBuffer out = ConsoleMessage.make(Family.AVMP, 0x0100, 153);
    text(out, 12, user);
    text(out, 77, password);
    send(out);
    ConsoleMessage answer = answer(Family.AVMP, 0x8100);
    assertEquals(111, answer.bytes().length);
    return answer.u16(12);
  }

  /** The next picture message; the client's end gets it in pieces. */
  ByteBuffer picture() throws InterruptedException {
    byte[] first = socket.receive();
    ByteBuffer whole =
        ByteBuffer.allocate(Short.toUnsignedInt(ByteBuffer.wrap(first).getShort(6))).put(first);
    while (whole.hasRemaining()) {
      whole.put(socket.receive());
    }
    return whole.flip();
  }

  void heartbeat() throws InterruptedException {
    send(ConsoleMessage.make(Family.APCP, 0x0400, 20));
    assertEquals(20, answer(Family.APCP, 0x8400).bytes().length);
  }

  void send(ByteBuffer message) {
    socket.send(message.array());
  }

  ConsoleMessage answer(Family family, int type) throws InterruptedException {
    ConsoleMessage answer = ConsoleMessage.read(socket.receive());
    assertEquals(family + " 0x%04x".formatted(type), answer.toString());
    return answer;
  }

  private static void text(ByteBuffer out, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.put(at, (byte) bytes.length).put(at + 1, bytes);
  }
}
