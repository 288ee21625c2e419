package io.github.bmcgateway.sim.asrockrack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** AMI's console protocol: packets with a little-endian head of eight bytes, in a byte stream. */
final class Ivtp {

  static final int HID = 0x01;
  static final int RESUME_REDIRECTION = 0x06;
  static final int STOP_SESSION = 0x08;
  static final int GET_FULL_SCREEN = 0x0b;
  static final int VALIDATE_VIDEO_SESSION = 0x12;
  static final int VALIDATED = 0x13;
  static final int GET_WEB_TOKEN = 0x15;
  static final int CONNECTION_ALLOWED = 0x17;
  static final int VIDEO_PACKETS = 0x19;
  static final int KVM_SHARING = 0x20;
  static final int POWER_STATUS = 0x22;
  static final int GET_USER_MACRO = 0x28;
  static final int SET_NEXT_MASTER = 0x32;
  static final int DISPLAY_LOCK_SET = 0x33;
  static final int MEDIA_LICENSE_STATUS = 0x35;
  static final int KEEP_ALIVE = 0x39;
  static final int CONNECTION_COMPLETE = 0x3a;
  static final int CONNECTION_FAILED = 0x3b;

  private static final int HEAD = 8;
  private static final int LARGEST = 1 << 24;

  /** One packet. */
  record Packet(int command, int status, byte[] payload) {

    static Packet of(int command, int status, int... payload) {
      byte[] bytes = new byte[payload.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) payload[i];
      }
      return new Packet(command, status, bytes);
    }

    byte[] bytes() {
      return ByteBuffer.allocate(HEAD + payload.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putShort((short) command)
          .putInt(payload.length)
          .putShort((short) status)
          .put(payload)
          .array();
    }
  }

  /** Cuts a byte stream into packets. Not thread-safe. */
  static final class Stream {

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** The packets that are complete with these bytes; none of it is a stream out of step. */
    Optional<List<Packet>> add(byte[] bytes) {
      pending.writeBytes(bytes);
      ByteBuffer in = ByteBuffer.wrap(pending.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
      List<Packet> packets = new ArrayList<>();
      while (in.remaining() >= HEAD) {
        int length = in.getInt(in.position() + 2);
        if (length < 0 || length > LARGEST) {
          return Optional.empty();
        }
        if (in.remaining() < HEAD + length) {
          break;
        }
        packets.add(next(in, length));
      }
      pending.reset();
      pending.write(in.array(), in.position(), in.remaining());
      return Optional.of(packets);
    }

    private static Packet next(ByteBuffer in, int length) {
      int command = Short.toUnsignedInt(in.getShort());
      in.getInt();
      int status = Short.toUnsignedInt(in.getShort());
      byte[] payload = new byte[length];
      in.get(payload);
      return new Packet(command, status, payload);
    }
  }

  private Ivtp() {}
}
