package io.github.bmcgateway.sim.idrac9;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.BmcClient;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The client's side of virtual media: keeps the image and answers block reads. Not thread-safe. */
final class TestMedia {

  private final BmcClient.Socket socket;
  private final byte[] image;
  private int token;
  private int sentBlocks;

  TestMedia(BmcClient.Socket socket, byte[] image) {
    this.socket = socket;
    this.image = image;
  }

  void attach(String secondKey) throws InterruptedException {
    ByteBuffer challenge = received();
    assertEquals(MediaSocket.CHALLENGE, challenge.getInt(0));
    ByteBuffer answer = words(48, MediaSocket.CHALLENGE, 0, 0x20, challenge.getInt(12));
    answer.position(16);
    socket.send(answer.put(secondKey.getBytes(StandardCharsets.US_ASCII)).array());
    ByteBuffer ready = received();
    assertEquals(MediaSocket.READY, ready.getInt(0));
    token = ready.getInt(12);
    socket.send(
        words(44, MediaSocket.INQUIRY, 1, 28, token, blocks(), MediaSocket.BLOCK, 0, 0, 0, 1, 20)
            .array());
    send(0, Math.min(32, blocks()));
    assertEquals(70, received().getInt(16));
  }

  /** Answers reads until the last block was asked for. */
  void serve() {
    try {
      while (sentBlocks < blocks()) {
        ByteBuffer read = received();
        assertEquals(MediaSocket.READ, read.getInt(0));
        send(read.getInt(16), read.getInt(20));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void send(int first, int count) {
    int bytes = count * MediaSocket.BLOCK;
    socket.send(
        words(
                36,
                MediaSocket.READ,
                1,
                28,
                token,
                first,
                count,
                first + count,
                MediaSocket.BLOCK,
                bytes)
            .array());
    int from = first * MediaSocket.BLOCK;
    socket.send(Arrays.copyOfRange(image, from, from + bytes));
    sentBlocks += count;
  }

  private int blocks() {
    return image.length / MediaSocket.BLOCK;
  }

  private ByteBuffer received() throws InterruptedException {
    return ByteBuffer.wrap(socket.receive()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer words(int size, int... words) {
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      out.putInt(word);
    }
    return out;
  }
}
