package io.github.bmcgateway.sim.asrockrack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * AMI's frame around USB traffic: a little-endian head of 32 bytes that starts with a fixed text
 * and carries a checksum, then the payload. For media the payload holds a SCSI command (big-endian)
 * and its data.
 */
final class Iusb {

  static final int HEAD = 32;
  static final int CHECKSUM = 11;
  static final int LENGTH = 12;
  static final int PROTOCOL = 18;

  static final int COMMAND = 41;
  static final int STATUS = 53;
  static final int DATA_LENGTH = 57;
  static final int DATA = 61;

  static final int READ_CAPACITY = 0x25;
  static final int READ_10 = 0x28;
  static final int ACK = 0xF1;
  static final int AUTH = 0xF2;
  static final int KEEP_ALIVE = 0xF3;
  static final int DISCONNECT = 0xF7;
  static final int DEVICE_INFO = 0xF8;

  private static final byte[] SIGNATURE = "IUSB    ".getBytes(StandardCharsets.US_ASCII);

  private Iusb() {}

  /** Whether bytes start with a proper head: signature, sizes, checksum. */
  static boolean isFrame(byte[] bytes) {
    if (bytes.length < HEAD || !Arrays.equals(bytes, 0, 8, SIGNATURE, 0, 8)) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < HEAD; i++) {
      sum += bytes[i];
    }
    return bytes[8] == 1 && bytes[10] == HEAD && (sum & 0xFF) == 0;
  }

  /** A frame with a SCSI command: its code, block address, block count, status and data. */
  static byte[] media(int command, int block, int count, int status, byte[] data) {
    ByteBuffer out = ByteBuffer.allocate(DATA + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(SIGNATURE).put((byte) 1).put((byte) 0).put((byte) HEAD);
    out.putInt(LENGTH, DATA - HEAD + data.length);
    out.put(COMMAND, (byte) command);
    out.putInt(COMMAND + 2, Integer.reverseBytes(block));
    out.putShort(COMMAND + 7, Short.reverseBytes((short) count));
    out.put(STATUS, (byte) status);
    out.putInt(DATA_LENGTH, data.length);
    out.put(DATA, data);
    return sealed(out.array());
  }

  /** A frame with an input report. */
  static byte[] input(int protocol, byte[] report) {
    ByteBuffer out = ByteBuffer.allocate(HEAD + 1 + report.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(SIGNATURE).put((byte) 1).put((byte) 0).put((byte) HEAD);
    out.putInt(LENGTH, 1 + report.length);
    out.put(PROTOCOL, (byte) protocol);
    out.put(HEAD, (byte) report.length).put(HEAD + 1, report);
    return sealed(out.array());
  }

  private static byte[] sealed(byte[] frame) {
    byte sum = 0;
    for (int i = 0; i < HEAD; i++) {
      sum += frame[i];
    }
    frame[CHECKSUM] = (byte) -sum;
    return frame;
  }
}
