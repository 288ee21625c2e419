package io.github.bmcgateway.dist;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP/2 as it is on the wire (RFC 9113, 7541). */
final class Http2Bytes {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;

  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;

  /** The preface and empty settings. */
  static final byte[] BEGIN = begin();

  private Http2Bytes() {}

  private static byte[] begin() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
    return bytes.toByteArray();
  }

  /**
   * A frame of stream 1, or its begin.
   *
   * @param length as it is declared
   * @param payload at most so long
   */
  static byte[] frame(int type, int flags, int length, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) 0).putShort((short) length).put((byte) type).put((byte) flags).putInt(1);
    return frame.put(payload).array();
  }

  /** The head of a POST to {@code localhost}: literals that aren't indexed. */
  static byte[] post(String path, String cookie, String contentLength) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    // :method POST and :scheme https.
    block.write(0x83);
    block.write(0x87);
    literal(block, path, 4);
    literal(block, "localhost", 1);
    literal(block, cookie, 15, 32 - 15);
    literal(block, contentLength, 15, 28 - 15);
    return frame(HEADERS, END_HEADERS, block.size(), block.toByteArray());
  }

  private static void literal(ByteArrayOutputStream block, String value, int... index) {
    for (int each : index) {
      block.write(each);
    }
    length(block, value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  /** An integer with a prefix of seven bits. */
  private static void length(ByteArrayOutputStream block, int length) {
    if (length < 127) {
      block.write(length);
      return;
    }
    block.write(127);
    int rest = length - 127;
    while (rest >= 128) {
      block.write(rest % 128 + 128);
      rest /= 128;
    }
    block.write(rest);
  }

  /** Reads on to the end of a frame of the stream: its type. */
  static int readFrameOf(int stream, DataInputStream in) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipNBytes(1);
      int of = in.readInt();
      in.skipNBytes(length);
      if (of == stream) {
        return type;
      }
    }
  }
}
