package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.MovingPicture;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What an iDRAC9 sends on its console channel: RFB 3.8 (big-endian, RFC 6143) and Dell's own
 * messages of type 247 (little-endian).
 */
final class ConsoleMessages {

  private ConsoleMessages() {}

  static byte[] keyRequest() {
    return bytes(247, 179);
  }

  static byte[] version() {
    return "RFB 003.008\n".getBytes(StandardCharsets.US_ASCII);
  }

  /** One security type, None: the ticket was the authentication. */
  static byte[] securityTypes() {
    return bytes(1, 1);
  }

  static byte[] securityResultOk() {
    return bytes(0, 0, 0, 0);
  }

  static byte[] hostPowerOn() {
    return bytes(247, 161, 1);
  }

  static byte[] framesPerSecond(int fps) {
    return bytes(247, 171, fps);
  }

  /** Size, name, and the pixel format that the firmware announces but doesn't keep to. */
  static byte[] serverInit(MovingPicture picture) {
    byte[] name = "OpenVNC".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(24 + name.length);
    out.putShort((short) picture.width()).putShort((short) picture.height());
    out.put(bytes(16, 16, 0, 1)); // bits per pixel, depth, big-endian, true colour
    out.putShort((short) 31).putShort((short) 31).putShort((short) 31);
    out.put(bytes(11, 6, 0, 0, 0, 0)); // shifts of red, green, blue; padding
    out.putInt(name.length).put(name);
    return out.array();
  }

  /** The client list with this viewer alone; its address field is 63 bytes long. */
  static byte[] clientList(String refreshedKey, String user) {
    ByteBuffer out = ByteBuffer.allocate(2 + 304 + 63).order(ByteOrder.LITTLE_ENDIAN);
    out.put(bytes(247, 172)).putInt(1);
    out.put(text(refreshedKey, 32)).putInt(/* client id */ 1).putInt(/* privileges */ 0x7F);
    out.put(text(user, 256)).putInt(/* further viewers */ 0).put(text("127.0.0.1", 63));
    return out.array();
  }

  /** A framebuffer update of raw rectangles, pixels RGB 5-6-5 with the low byte first. */
  static byte[] update(MovingPicture picture, long number, List<Rectangle> rectangles) {
    short[] pixels = picture.frame(number);
    int size = 4 + rectangles.stream().mapToInt(r -> 12 + 2 * r.width * r.height).sum();
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(bytes(0, 0)).putShort((short) rectangles.size());
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

  static byte[] text(String text, int length) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
