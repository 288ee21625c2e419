package io.github.bmcgateway.sim.openbmc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.bmcgateway.sim.BmcClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A console viewer's side of RFB, step by step. Not thread-safe. */
public final class TestViewer {

  private final BmcClient.Socket socket;

  /** A viewer on an open socket. */
  public TestViewer(BmcClient.Socket socket) {
    this.socket = socket;
  }

  /** The handshake, up to the description of the screen, whose width and height are returned. */
  public String greet() throws InterruptedException {
    byte[] version = "RFB 003.008\n".getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(version, socket.receive());
    socket.send(version);
    assertArrayEquals(new byte[] {1, 1}, socket.receive());
    socket.send(new byte[] {1});
    assertArrayEquals(new byte[4], socket.receive());
    socket.send(new byte[] {1});
    ByteBuffer screen = ByteBuffer.wrap(socket.receive());
    return screen.getShort() + "x" + screen.getShort();
  }

  /** One message that a key was pressed. */
  public static byte[] key(int symbol) {
    return ByteBuffer.allocate(8).put((byte) 4).put((byte) 1).putInt(4, symbol).array();
  }

  /** One message that tells text, of so many bytes in all. */
  public static byte[] text(int bytes) {
    return ByteBuffer.allocate(bytes).put((byte) 6).putInt(4, bytes - 8).array();
  }

  /** One message that asks for the whole picture. */
  static byte[] updateRequest() {
    return ByteBuffer.allocate(10).put((byte) 3).array();
  }
}
