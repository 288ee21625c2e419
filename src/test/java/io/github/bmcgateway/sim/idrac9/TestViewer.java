package io.github.bmcgateway.sim.idrac9;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.BmcClient;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A console viewer's side of the protocol, step by step. Not thread-safe. */
record TestViewer(BmcClient.Socket socket, String secondKey) {

  void answerChallenge() throws InterruptedException {
    assertArrayEquals(new byte[] {(byte) 0xF7, (byte) 0xB3}, socket.receive());
    ByteBuffer answer = ByteBuffer.allocate(34);
    answer.put((byte) 0xF7).put((byte) 0xB3).put(secondKey.getBytes(StandardCharsets.US_ASCII));
    socket.send(answer.array());
  }

  void handshake() throws InterruptedException {
    assertEquals("binary", socket.subprotocol());
    answerChallenge();
    byte[] version = socket.receive();
    assertEquals("RFB 003.008\n", new String(version, StandardCharsets.US_ASCII));
    socket.send(version);
    byte[] clients = socket.receive();
    assertEquals(172, clients[1] & 0xFF);
    assertArrayEquals(new byte[] {1, 1}, socket.receive());
    socket.send(new byte[] {1});
    assertArrayEquals(new byte[4], socket.receive());
    socket.send(new byte[] {1});
    ByteBuffer init = ByteBuffer.wrap(socket.receive());
    assertEquals(1024, init.getShort());
    assertEquals(768, init.getShort());
    assertEquals("OpenVNC", new String(init.array(), 24, 7, StandardCharsets.US_ASCII));
    assertEquals(161, socket.receive()[1] & 0xFF);
  }

  void request(boolean incremental) {
    ByteBuffer request = ByteBuffer.allocate(10).put((byte) 3).put((byte) (incremental ? 1 : 0));
    socket.send(request.putInt(0).putShort((short) 1024).putShort((short) 768).array());
  }

  void key(char symbol) {
    ByteBuffer key = ByteBuffer.allocate(8).put((byte) 4).put((byte) 1).putShort((short) 0);
    socket.send(key.putInt(symbol).array());
  }

  /** The bytes of one framebuffer update; Dell's messages before it are skipped. */
  byte[] update() throws InterruptedException {
    ByteArrayOutputStream update = new ByteArrayOutputStream();
    while (update.size() == 0 || missing(update.toByteArray()) > 0) {
      byte[] message = socket.receive();
      if (update.size() > 0 || (message[0] & 0xFF) != 247) {
        update.writeBytes(message);
      }
    }
    assertEquals(0, missing(update.toByteArray()));
    return update.toByteArray();
  }

  private static int missing(byte[] update) {
    ByteBuffer in = ByteBuffer.wrap(update);
    int at = 4;
    for (int i = 0; i < in.getShort(2); i++) {
      if (at + 12 > update.length) {
        return 1;
      }
      at += 12 + 2 * in.getShort(at + 4) * in.getShort(at + 6);
    }
    return at - update.length;
  }
}
