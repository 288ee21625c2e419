package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.idrac8.ConsoleMessage.Family;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The second socket: names the login that it belongs to, then gets pictures for as long as it
 * lasts.
 *
 * <p>Pictures come in messages of their own kind: {@code VID}, type u8 at 5, length u16 at 6. Type
 * 0x7F is none of the firmware's, whose viewer logs and skips it: left, top, width, height (u16
 * each) at 8, picture number (u32) at 16, pixels RGB 5-6-5 at 20.
 */
final class VideoChannel implements Channel {

  static final int OPEN = 0x0001;
  static final int PICTURE = 0x7F;
  static final int PICTURE_HEADER = 20;

  private final Wire wire;
  private final ConsoleLogins logins;
  private final MovingPicture picture;
  private final Idrac8Options options;
  private final long startNanos = System.nanoTime();
  private Optional<ConsoleLogin> login = Optional.empty();
  private boolean started;
  private long lastPicture;

  VideoChannel(Wire wire, ConsoleLogins logins, MovingPicture picture, Idrac8Options options) {
    this.wire = wire;
    this.logins = logins;
    this.picture = picture;
    this.options = options;
  }

  @Override
  public void message(ConsoleMessage message) {
    if (login.isPresent()) {
      wire.event("request " + message);
      return;
    }
    login =
        message.is(Family.BEEF, OPEN) && message.bytes().length >= 16
            ? logins.find(message.u32(12))
            : Optional.empty();
    if (login.isEmpty()) {
      wire.refuse("video of no login");
      return;
    }
    wire.event("video");
    login.get().whenEnded(wire::end);
    nextPicture();
  }

  private void nextPicture() {
    wire.after(options.frameInterval(), this::sendPicture);
  }

  private void sendPicture() {
    if (login.filter(ConsoleLogin::isVideoAskedFor).isEmpty()) {
      nextPicture();
      return;
    }
    long number = (System.nanoTime() - startNanos) / options.frameInterval().toNanos();
    List<Rectangle> changed =
        started
            ? picture.changed(lastPicture, number)
            : List.of(new Rectangle(0, 0, picture.width(), picture.height()));
    started = true;
    lastPicture = number;
    send(messages(number, changed), 0);
  }

  private void send(List<byte[]> messages, int next) {
    if (next == messages.size()) {
      nextPicture();
    } else {
      wire.send(messages.get(next), () -> send(messages, next + 1));
    }
  }

  private List<byte[]> messages(long number, List<Rectangle> changed) {
    short[] pixels = picture.frame(number);
    List<byte[]> messages = new ArrayList<>();
    for (Rectangle area : changed) {
      int rows = Math.max(1, (options.frameBytes() - PICTURE_HEADER) / (2 * area.width));
      for (int top = area.y; top < area.y + area.height; top += rows) {
        int height = Math.min(rows, area.y + area.height - top);
        messages.add(strip(pixels, new Rectangle(area.x, top, area.width, height), number));
      }
    }
    return messages;
  }

  private byte[] strip(short[] pixels, Rectangle area, long number) {
    int length = PICTURE_HEADER + 2 * area.width * area.height;
    ByteBuffer out = ByteBuffer.allocate(length);
    out.put((byte) 'V').put((byte) 'I').put((byte) 'D').putShort((short) 0);
    out.put((byte) PICTURE).putShort((short) length);
    out.putShort((short) area.x).putShort((short) area.y);
    out.putShort((short) area.width).putShort((short) area.height).putInt((int) number);
    for (int y = area.y; y < area.y + area.height; y++) {
      out.asShortBuffer().put(pixels, y * picture.width() + area.x, area.width);
      out.position(out.position() + 2 * area.width);
    }
    return out.array();
  }

  @Override
  public void gone() {}
}
