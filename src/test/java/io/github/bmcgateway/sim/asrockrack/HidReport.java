package io.github.bmcgateway.sim.asrockrack;

import java.util.Optional;

/**
 * Keyboard and mouse reports in AMI's IUSB frame: a 32-byte head, the report's length, the report.
 */
final class HidReport {

  private static final int KEYBOARD = 0x10;
  private static final int MOUSE = 0x20;
  private static final int KEYS = 8;
  private static final int POINTER = 6;

  private HidReport() {}

  /** What was pressed or moved, in words; none where the frame is broken. */
  static Optional<String> describe(byte[] frame) {
    if (!Iusb.isFrame(frame) || frame.length < Iusb.HEAD + 1) {
      return Optional.empty();
    }
    int at = Iusb.HEAD + 1;
    int length = frame[Iusb.HEAD];
    if (frame[Iusb.PROTOCOL] == KEYBOARD && length == KEYS && frame.length >= at + KEYS) {
      return Optional.of("key " + (frame[at + 2] & 0xFF));
    }
    if (frame[Iusb.PROTOCOL] == MOUSE && length == POINTER && frame.length >= at + POINTER) {
      return Optional.of("mouse " + word(frame, at + 1) + " " + word(frame, at + 3));
    }
    return Optional.empty();
  }

  private static int word(byte[] bytes, int at) {
    return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
  }
}
