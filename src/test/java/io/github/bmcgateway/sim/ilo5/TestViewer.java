package io.github.bmcgateway.sim.ilo5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.BmcClient;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** A console viewer's side of the protocol, step by step. Not thread-safe. */
final class TestViewer {

  private final BmcClient.Socket socket;
  private byte[] pending = new byte[0];

  TestViewer(BmcClient.Socket socket) {
    this.socket = socket;
  }

  BmcClient.Socket socket() {
    return socket;
  }

  static byte[] hello(String key) {
    ByteBuffer hello = ByteBuffer.allocate(34).put((byte) 0x01).put((byte) 0x20);
    return hello.put(key.substring(0, 32).getBytes(StandardCharsets.US_ASCII)).array();
  }

  /** Answers the unit's first byte; the unit's answer to that. */
  int greet(String key) throws InterruptedException {
    assertArrayEquals(new byte[] {0x50}, socket.receive());
    socket.send(hello(key));
    byte[] answer = socket.receive();
    assertEquals(1, answer.length);
    return answer[0];
  }

  void send(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    socket.send(bytes);
  }

  /** The payload of the next picture; every record on the way is checked. */
  ByteBuffer picture() throws InterruptedException {
    while (true) {
      byte[] record = record();
      if (record[2] == 1) {
        return ByteBuffer.wrap(record, 12, record.length - 12)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
      }
    }
  }

  /** The next record of the stream, wherever messages begin and end. */
  byte[] record() throws InterruptedException {
    while (pending.length < 12 || pending.length < 12 + length()) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      joined.writeBytes(pending);
      joined.writeBytes(socket.receive());
      pending = joined.toByteArray();
    }
    byte[] record = Arrays.copyOf(pending, 12 + length());
    pending = Arrays.copyOfRange(pending, record.length, pending.length);
    CRC32 crc = new CRC32();
    crc.update(record, 12, record.length - 12);
    assertEquals((int) crc.getValue(), head(record).getInt(8));
    return record;
  }

  private int length() {
    assertEquals(0x5644, head(pending).getShort(0));
    return head(pending).getInt(4);
  }

  private static ByteBuffer head(byte[] record) {
    return ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
  }
}
