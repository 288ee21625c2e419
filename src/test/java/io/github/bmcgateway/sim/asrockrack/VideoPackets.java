package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.MovingPicture;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Pictures as {@code VIDEO_PACKETS}: a fragment number, the 86-byte head of the ASPEED encoder, the
 * data.
 *
 * <p>The head is filled as on a real unit. The data are not ASPEED's format but rectangles with
 * plain pixels: their count, then x, y, width, height and RGB 5-6-5 of each, all 16 bits,
 * little-endian.
 */
final class VideoPackets {

  static final int FRAGMENT = 2;
  static final int HEAD = 86;

  private final MovingPicture picture;

  VideoPackets(MovingPicture picture) {
    this.picture = picture;
  }

  /** The whole picture. */
  Ivtp.Packet whole(long frame) {
    return packet(frame, List.of(new Rectangle(picture.width(), picture.height())));
  }

  /** What has changed since an earlier one. */
  Ivtp.Packet changed(long from, long to) {
    return packet(to, picture.changed(from, to));
  }

  private Ivtp.Packet packet(long frame, List<Rectangle> regions) {
    int size = 2 + regions.stream().mapToInt(box -> 8 + 2 * box.width * box.height).sum();
    ByteBuffer out =
        ByteBuffer.allocate(FRAGMENT + HEAD + size)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) 0);
    head(out, size);
    out.position(FRAGMENT + HEAD);
    out.putShort((short) regions.size());
    short[] pixels = picture.frame(frame);
    for (Rectangle box : regions) {
      out.putShort((short) box.x).putShort((short) box.y);
      out.putShort((short) box.width).putShort((short) box.height);
      for (int y = box.y; y < box.y + box.height; y++) {
        for (int x = box.x; x < box.x + box.width; x++) {
          out.putShort(pixels[y * picture.width() + x]);
        }
      }
    }
    return new Ivtp.Packet(Ivtp.VIDEO_PACKETS, 0, out.array());
  }

  private void head(ByteBuffer out, int size) {
    int start = FRAGMENT;
    out.putShort(start, (short) 1).putShort(start + 2, (short) HEAD);
    out.putShort(start + 4, (short) picture.width());
    out.putShort(start + 6, (short) picture.height());
    out.put(start + 42, (byte) 3).put(start + 43, (byte) 16).put(start + 44, (byte) 4);
    out.put(start + 47, (byte) 7);
    out.putInt(start + 49, picture.width() * picture.height() / 64);
    out.put(start + 55, (byte) 0);
    out.putInt(start + 69, size);
  }
}
