package io.github.bmcgateway.sim;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * What the screen of the simulated server shows: a boot screen with the unit's name in the unit's
 * own colour, a box that bounces, and a frame counter.
 *
 * <p>A picture is a pure function of its frame number. Pixels are RGB 5-6-5. Immutable.
 */
public final class MovingPicture {

  private static final int BOX_WIDTH = 96;
  private static final int BOX_HEIGHT = 64;
  private static final int STEP = 9;
  private static final int WHITE = 0xFFFF;
  private static final Rectangle COUNTER = new Rectangle(40, 300, 480, 32);

  private final Map<Character, byte[]> glyphs = loadGlyphs();
  private final int width;
  private final int height;
  private final int accent;
  private final short[] background;

  /**
   * Draws the still part.
   *
   * @param width in pixels, at least 600
   * @param height in pixels, at least 400
   * @param name tells units apart; also decides the colour
   * @param lines further lines of text; letters, digits and {@code - . : /}
   */
  public MovingPicture(int width, int height, String name, List<String> lines) {
    this.width = width;
    this.height = height;
    accent = accentOf(name);
    background = new short[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        background[y * width + x] = (short) shade(y);
      }
    }
    write(background, name, 40, 48, /* scale= */ 8, accent);
    for (int i = 0; i < lines.size(); i++) {
      write(background, lines.get(i), 40, 140 + 36 * i, /* scale= */ 3, WHITE);
    }
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /** The whole picture, row by row. */
  public short[] frame(long number) {
    short[] pixels = background.clone();
    write(pixels, "FRAME " + number, COUNTER.x, COUNTER.y, /* scale= */ 4, WHITE);
    Rectangle box = box(number);
    for (int y = box.y; y < box.y + box.height; y++) {
      for (int x = box.x; x < box.x + box.width; x++) {
        int toEdge =
            Math.min(
                Math.min(x - box.x, box.x + box.width - 1 - x),
                Math.min(y - box.y, box.y + box.height - 1 - y));
        boolean edge = toEdge < 4;
        pixels[y * width + x] = (short) (edge ? WHITE : accent);
      }
    }
    return pixels;
  }

  /** Regions that cover every pixel in which two pictures differ. */
  public List<Rectangle> changed(long from, long to) {
    return from == to ? List.of() : List.of(COUNTER, box(from).union(box(to)));
  }

  /** A picture as PNG, scaled down by a whole factor. */
  public byte[] png(long number, int divisor) {
    short[] pixels = frame(number);
    BufferedImage image =
        new BufferedImage(width / divisor, height / divisor, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, rgb(pixels[y * divisor * width + x * divisor]));
      }
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Rectangle box(long number) {
    int x = bounce(number * STEP, width - BOX_WIDTH);
    int y = height / 2 + bounce(number * STEP / 2, height / 2 - BOX_HEIGHT);
    return new Rectangle(x, y, BOX_WIDTH, BOX_HEIGHT);
  }

  private static int bounce(long way, int room) {
    int phase = (int) (way % (2L * room));
    return phase < room ? phase : 2 * room - phase;
  }

  private int shade(int y) {
    int level = 1 + 4 * y / height;
    return level << 11 | level * 2 << 5 | (level + 3);
  }

  private static int accentOf(String name) {
    int[] colours = {0x04FF, 0xFB20, 0x4FE6, 0xF9D4, 0xFFC0, 0x9B7F, 0x2FF5};
    return colours[Math.floorMod(name.hashCode(), colours.length)];
  }

  private void write(short[] pixels, String text, int left, int top, int scale, int colour) {
    String upper = text.toUpperCase(Locale.ROOT);
    for (int i = 0; i < upper.length(); i++) {
      byte[] rows = glyphs.get(upper.charAt(i));
      if (rows != null) {
        glyph(pixels, rows, left + i * 6 * scale, top, scale, colour);
      }
    }
  }

  private void glyph(short[] pixels, byte[] rows, int left, int top, int scale, int colour) {
    for (int y = 0; y < 7 * scale; y++) {
      for (int x = 0; x < 5 * scale; x++) {
        boolean ink = (rows[y / scale] >> (4 - x / scale) & 1) == 1;
        if (ink && left + x < width) {
          pixels[(top + y) * width + left + x] = (short) colour;
        }
      }
    }
  }

  private static int rgb(short pixel) {
    int red = (pixel >> 11 & 31) * 255 / 31;
    int green = (pixel >> 5 & 63) * 255 / 63;
    int blue = (pixel & 31) * 255 / 31;
    return red << 16 | green << 8 | blue;
  }

  private static Map<Character, byte[]> loadGlyphs() {
    Map<Character, byte[]> loaded = new HashMap<>();
    try (InputStream in = MovingPicture.class.getResourceAsStream("/sim/glyphs.txt")) {
      new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .forEach(line -> loaded.put(line.charAt(0), HexFormat.of().parseHex(line.substring(2))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(loaded);
  }
}
