package io.github.bmcgateway.sim.openbmc;

import io.github.bmcgateway.sim.MovingPicture;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages of RFB 3.8 (RFC 6143), as far as a console needs them; pixels are RGB 5-6-5. */
final class Rfb {

  static final byte SET_PIXEL_FORMAT = 0;
  static final byte SET_ENCODINGS = 2;
  static final byte UPDATE_REQUEST = 3;
  static final byte KEY = 4;
  static final byte POINTER = 5;
  static final byte CUT_TEXT = 6;

  private static final int TOO_SHORT = -1;

  private Rfb() {}

  static byte[] version() {
    return "RFB 003.008\n".getBytes(StandardCharsets.US_ASCII);
  }

  /** One security type, None: the web session was the authentication. */
  static byte[] securityTypes() {
    return new byte[] {1, 1};
  }

  static byte[] securityResultOk() {
    return new byte[4];
  }

  static byte[] serverInit(MovingPicture picture) {
    byte[] name = "OpenBMC IKVM".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(24 + name.length);
    out.putShort((short) picture.width()).putShort((short) picture.height());
    out.put(new byte[] {16, 16, 0, 1}); // bits per pixel, depth, little-endian, true colour
    out.putShort((short) 31).putShort((short) 63).putShort((short) 31);
    out.put(new byte[] {11, 5, 0, 0, 0, 0}); // shifts of red, green, blue; padding
    return out.putInt(name.length).put(name).array();
  }

  /** A framebuffer update of raw rectangles. */
  static byte[] update(MovingPicture picture, long number, List<Rectangle> rectangles) {
    short[] pixels = picture.frame(number);
    int size = 4 + rectangles.stream().mapToInt(r -> 12 + 2 * r.width * r.height).sum();
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putShort((short) 0).putShort((short) rectangles.size());
    for (Rectangle r : rectangles) {
      out.order(ByteOrder.BIG_ENDIAN);
      out.putShort((short) r.x).putShort((short) r.y);
      out.putShort((short) r.width).putShort((short) r.height).putInt(/* raw */ 0);
      out.order(ByteOrder.LITTLE_ENDIAN);
      for (int y = r.y; y < r.y + r.height; y++) {
        out.asShortBuffer().put(pixels, y * picture.width() + r.x, r.width);
        out.position(out.position() + 2 * r.width);
      }
    }
    return out.array();
  }

  /** Length of the viewer's message that begins here; -1 if its kind is unknown or its head cut. */
  static int length(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    return switch (message.length == 0 ? TOO_SHORT : message[0]) {
      case SET_PIXEL_FORMAT -> 20;
      case SET_ENCODINGS -> message.length < 4 ? TOO_SHORT : 4 + 4 * in.getShort(2);
      case UPDATE_REQUEST -> 10;
      case KEY -> 8;
      case POINTER -> 6;
      case CUT_TEXT -> message.length < 8 ? TOO_SHORT : 8 + in.getInt(4);
      default -> TOO_SHORT;
    };
  }
}
