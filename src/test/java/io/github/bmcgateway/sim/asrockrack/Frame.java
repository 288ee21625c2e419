package io.github.bmcgateway.sim.asrockrack;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** WebSocket frames on the wire (RFC 6455, section 5.2). */
final class Frame {

  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /** A frame up to its payload; {@code rsv} are the three reserved bits. */
  record Head(boolean last, int rsv, int opcode, boolean masked, long length, byte[] mask) {

    boolean isData() {
      return opcode <= BINARY;
    }
  }

  private Frame() {}

  static Head readHead(DataInputStream in) throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    long length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    boolean masked = (second & 0x80) != 0;
    byte[] mask = masked ? in.readNBytes(4) : new byte[4];
    return new Head((first & 0x80) != 0, first >> 4 & 7, first & 0xF, masked, length, mask);
  }

  static byte[] readPayload(DataInputStream in, Head head) throws IOException {
    byte[] payload = new byte[Math.toIntExact(head.length())];
    in.readFully(payload);
    return masked(payload, head.mask());
  }

  /** A frame without a mask, as servers send it. */
  static byte[] ofServer(int opcode, byte[] payload, int offset, int length) {
    return frame(0x80 | opcode, 0, new byte[0], payload, offset, length);
  }

  /** A frame with a mask, as clients send it; the first byte holds FIN, RSV and opcode. */
  static byte[] ofClient(int firstByte, byte[] payload) {
    byte[] mask = {0x37, (byte) 0xFA, 0x21, 0x3D};
    return frame(firstByte, 0x80, mask, masked(payload, mask), 0, payload.length);
  }

  private static byte[] frame(
      int first, int maskBit, byte[] mask, byte[] payload, int offset, int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 14);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(first);
      if (length < 126) {
        out.writeByte(maskBit | length);
      } else if (length < 0x10000) {
        out.writeByte(maskBit | 126);
        out.writeShort(length);
      } else {
        out.writeByte(maskBit | 127);
        out.writeLong(length);
      }
      out.write(mask);
      out.write(payload, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] masked(byte[] payload, byte[] mask) {
    byte[] result = payload.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] ^= mask[i & 3];
    }
    return result;
  }
}
