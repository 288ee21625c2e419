package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.MovingPicture;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * The bytes of the console's picture. HPE's own coding isn't public, so this one is invented; what
 * it has in common is that it is one stream without regard to WebSocket messages.
 *
 * <p>Little-endian records: {@code 44 56}, kind, 0, length (4 bytes), CRC-32 of the payload (4),
 * payload. Kind 1 is a picture: width, height, count of rectangles, 0 (2 bytes each), number (4),
 * then per rectangle x, y, width, height (2 each) and its pixels, RGB 5-6-5. Kind 2 is noise.
 */
final class IrcStream {

  private static final int HEAD = 12;

  private IrcStream() {}

  static byte[] picture(MovingPicture picture, long number, List<Rectangle> rectangles) {
    short[] pixels = picture.frame(number);
    int length = 12 + rectangles.stream().mapToInt(r -> 8 + 2 * r.width * r.height).sum();
    ByteBuffer out = ByteBuffer.allocate(HEAD + length).order(ByteOrder.LITTLE_ENDIAN);
    out.position(HEAD);
    out.putShort((short) picture.width()).putShort((short) picture.height());
    out.putShort((short) rectangles.size()).putShort((short) 0).putInt((int) number);
    for (Rectangle r : rectangles) {
      out.putShort((short) r.x).putShort((short) r.y);
      out.putShort((short) r.width).putShort((short) r.height);
      for (int y = r.y; y < r.y + r.height; y++) {
        out.asShortBuffer().put(pixels, y * picture.width() + r.x, r.width);
        out.position(out.position() + 2 * r.width);
      }
    }
    return sealed(out, /* kind= */ 1);
  }

  static byte[] noise(long seed, int length) {
    byte[] payload = new byte[length];
    new Random(seed).nextBytes(payload);
    ByteBuffer out = ByteBuffer.allocate(HEAD + length).order(ByteOrder.LITTLE_ENDIAN);
    out.position(HEAD);
    return sealed(out.put(payload), /* kind= */ 2);
  }

  private static byte[] sealed(ByteBuffer record, int kind) {
    byte[] bytes = record.array();
    CRC32 crc = new CRC32();
    crc.update(bytes, HEAD, bytes.length - HEAD);
    record.position(0);
    record.put((byte) 0x44).put((byte) 0x56).put((byte) kind).put((byte) 0);
    record.putInt(bytes.length - HEAD).putInt((int) crc.getValue());
    return bytes;
  }
}
