package io.github.bmcgateway.sim.idrac8;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One message on the console port: big-endian, with a four-letter name, a type and its own total
 * length. The layouts are those that firmware 2.60's viewer sends.
 *
 * @param family who speaks
 * @param type what is said
 * @param bytes the whole message, header included
 */
record ConsoleMessage(Family family, int type, byte[] bytes) {

  /** The three protocols that share the port. */
  enum Family {
    /** Opening and keeping alive of every socket: length u32 at 4, type u16 at 8. */
    APCP(/* lengthBytes= */ 4, /* typeAt= */ 8),
    /** Login, keyboard and pointer; name on the wire BEEF: type u16 at 4, length u16 at 6. */
    BEEF(/* lengthBytes= */ 2, /* typeAt= */ 4),
    /** Virtual media: length u32 at 4, type u16 at 8. */
    AVMP(/* lengthBytes= */ 4, /* typeAt= */ 8);

    private final int lengthBytes;
    private final int typeAt;

    Family(int lengthBytes, int typeAt) {
      this.lengthBytes = lengthBytes;
      this.typeAt = typeAt;
    }

    private int length(ByteBuffer in) {
      return lengthBytes == 4 ? in.getInt(4) : Short.toUnsignedInt(in.getShort(6));
    }
  }

  private static final int VERSION = 0x0104;
  private static final int SHORTEST = 12;

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException if the bytes aren't one whole message of a known family
   */
  static ConsoleMessage read(byte[] bytes) {
    if (bytes.length < SHORTEST) {
      throw new IllegalArgumentException("message of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Family family = Family.valueOf(new String(bytes, 0, 4, StandardCharsets.ISO_8859_1));
    if (family.length(in) != bytes.length) {
      throw new IllegalArgumentException(
          family + " message of " + bytes.length + " bytes says " + family.length(in));
    }
    return new ConsoleMessage(family, Short.toUnsignedInt(in.getShort(family.typeAt)), bytes);
  }

  /** A message to fill in, its header written. */
  static ByteBuffer make(Family family, int type, int length) {
    ByteBuffer out = ByteBuffer.allocate(length);
    out.put(0, family.name().getBytes(StandardCharsets.ISO_8859_1));
    out.putShort(family.typeAt, (short) type);
    if (family.lengthBytes == 4) {
      out.putInt(4, length);
    } else {
      out.putShort(6, (short) length);
    }
    if (family == Family.APCP) {
      out.putShort(10, (short) VERSION);
    }
    return out;
  }

  boolean is(Family wanted, int wantedType) {
    return family == wanted && type == wantedType;
  }

  int u8(int at) {
    return Byte.toUnsignedInt(bytes[at]);
  }

  int u16(int at) {
    return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(at));
  }

  int u32(int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }

  /** A text that stands after a byte with its length; empty if it would reach over the end. */
  String text(int lengthAt) {
    int length = u8(lengthAt);
    return lengthAt + 1 + length > bytes.length
        ? ""
        : new String(bytes, lengthAt + 1, length, StandardCharsets.UTF_8);
  }

  /** Whether the text stands anywhere in the message. */
  boolean contains(String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
  }

  /** The bytes from a place to the end. */
  byte[] tail(int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  @Override
  public String toString() {
    return family + " 0x%04x".formatted(type);
  }
}
