package io.github.bmcgateway.sim.openbmc;

import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.SimulatedSocket;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * {@code /kvm/0}: RFB 3.8 without authentication, a picture that moves for as long as the viewer
 * asks for updates. Its viewers put each RFB message into a WebSocket message of its own; one that
 * holds more or less was merged or cut on its way, and one over 1024 bytes overruns the input
 * buffer, which ends the console.
 */
final class ConsoleSocket extends SimulatedSocket {

  static final int INPUT_BUFFER_BYTES = 1024;

  /** bmcweb's output buffer: updates come in pieces of at most this size. */
  private static final int OUTPUT_BUFFER_BYTES = 50 * 1024;

  private enum State {
    VERSION,
    SECURITY,
    INIT,
    RUNNING
  }

  private final MovingPicture picture;
  private final OpenbmcOptions options;
  private final boolean fits;
  private final Runnable onGone;
  private final long startNanos = System.nanoTime();

  private State state = State.VERSION;
  private long lastFrame;
  private boolean updateOwed;
  private boolean wholeOwed;
  private boolean updateUnderWay;

  ConsoleSocket(MovingPicture picture, OpenbmcOptions options, boolean fits, Runnable onGone) {
    super(/* pingsAllowed= */ false);
    this.picture = picture;
    this.options = options;
    this.fits = fits;
    this.onGone = onGone;
  }

  @Override
  protected void opened() {
    if (fits) {
      send(Rfb.version());
    } else {
      close(CloseStatus.NORMAL, "Max sessions are already connected");
    }
  }

  @Override
  protected void message(byte[] message) {
    int length = state == State.RUNNING ? Rfb.length(message) : handshakeLength();
    if (message.length > INPUT_BUFFER_BYTES) {
      violation("Message of " + message.length + " bytes");
      close(CloseStatus.NORMAL, "Buffer overrun");
    } else if (length != message.length) {
      violation("Message of " + message.length + " bytes isn't one RFB message");
      close(CloseStatus.PROTOCOL, "");
    } else {
      one(message);
    }
  }

  private int handshakeLength() {
    return state == State.VERSION ? Rfb.version().length : 1;
  }

  private void one(byte[] message) {
    switch (state) {
      case VERSION -> {
        send(Rfb.securityTypes());
        state = State.SECURITY;
      }
      case SECURITY -> {
        send(Rfb.securityResultOk());
        state = State.INIT;
      }
      case INIT -> {
        send(Rfb.serverInit(picture));
        state = State.RUNNING;
        event("running");
      }
      case RUNNING -> input(message);
      default -> throw new IllegalStateException(state.name());
    }
  }

  private void input(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    switch (message[0]) {
      case Rfb.UPDATE_REQUEST -> requested(/* whole= */ message[1] == 0);
      case Rfb.KEY -> event((message[1] == 0 ? "up " : "key ") + in.getInt(4));
      case Rfb.POINTER -> event("pointer " + in.getShort(2) + "," + in.getShort(4));
      case Rfb.CUT_TEXT -> event("text " + in.getInt(4));
      default -> {}
    }
  }

  private void requested(boolean whole) {
    wholeOwed |= whole;
    if (!updateOwed) {
      updateOwed = true;
      after(options.frameInterval(), this::update);
    }
  }

  private void update() {
    if (updateUnderWay || !updateOwed) {
      return;
    }
    long number = (System.nanoTime() - startNanos) / options.frameInterval().toNanos();
    List<Rectangle> rectangles =
        wholeOwed
            ? List.of(new Rectangle(0, 0, picture.width(), picture.height()))
            : picture.changed(lastFrame, number);
    if (rectangles.isEmpty()) {
      after(options.frameInterval(), this::update);
      return;
    }
    updateOwed = false;
    wholeOwed = false;
    lastFrame = number;
    updateUnderWay = true;
    sendInPieces(Rfb.update(picture, number, rectangles), 0);
  }

  private void sendInPieces(byte[] update, int from) {
    int to = Math.min(update.length, from + OUTPUT_BUFFER_BYTES);
    byte[] piece = Arrays.copyOfRange(update, from, to);
    send(
        piece,
        () -> {
          if (to < update.length) {
            sendInPieces(update, to);
          } else {
            updateUnderWay = false;
            update();
          }
        });
  }

  @Override
  protected void gone() {
    onGone.run();
  }
}
