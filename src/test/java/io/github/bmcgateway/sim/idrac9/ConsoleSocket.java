package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.SimulatedSocket;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * {@code /vnc/vconsole}: the key challenge, then RFB 3.8 with Dell's messages in between, then a
 * picture that moves for as long as the viewer asks for updates and sends its heartbeat.
 */
final class ConsoleSocket extends SimulatedSocket {

  private enum State {
    KEY,
    VERSION,
    SECURITY,
    INIT,
    RUNNING
  }

  private final String secondKey;
  private final String refreshedKey;
  private final MovingPicture picture;
  private final Idrac9Options options;
  private final Runnable onGone;
  private final ClientMessages messages = new ClientMessages();
  private final long startNanos = System.nanoTime();

  private State state = State.KEY;
  private long lastFrame;
  private long fpsToldAt;
  private boolean updateOwed;
  private boolean wholeOwed;
  private boolean updateUnderWay;
  private long heartbeats;

  ConsoleSocket(
      String secondKey,
      String refreshedKey,
      MovingPicture picture,
      Idrac9Options options,
      Runnable onGone) {
    super(/* pingsAllowed= */ true);
    this.secondKey = secondKey;
    this.refreshedKey = refreshedKey;
    this.picture = picture;
    this.options = options;
    this.onGone = onGone;
  }

  @Override
  protected void opened() {
    send(ConsoleMessages.keyRequest());
    after(
        options.keyLimit(),
        () -> {
          if (state == State.KEY) {
            event("no key");
            close(CloseStatus.NORMAL, "");
          }
        });
  }

  @Override
  protected void message(byte[] message) {
    switch (state) {
      case KEY -> keyAnswer(message);
      case VERSION -> {
        send(ConsoleMessages.clientList(refreshedKey, options.user()));
        send(ConsoleMessages.securityTypes());
        state = State.SECURITY;
      }
      case SECURITY -> {
        send(ConsoleMessages.securityResultOk());
        state = State.INIT;
      }
      case INIT -> {
        send(ConsoleMessages.serverInit(picture));
        send(ConsoleMessages.hostPowerOn());
        state = State.RUNNING;
        event("running");
        expectHeartbeat();
      }
      case RUNNING -> running(message);
      default -> throw new IllegalStateException(state.name());
    }
  }

  private void keyAnswer(byte[] message) {
    boolean right =
        message.length == 34
            && (message[0] & 0xFF) == ClientMessages.DELL
            && (message[1] & 0xFF) == ClientMessages.KEY_ANSWER
            && new String(message, 2, 24, StandardCharsets.US_ASCII).equals(secondKey)
            && Arrays.equals(message, 26, 34, new byte[8], 0, 8);
    if (!right) {
      event("wrong key");
      close(CloseStatus.NORMAL, "");
      return;
    }
    event("handshake");
    state = State.VERSION;
    send(ConsoleMessages.version());
  }

  private void running(byte[] bytes) {
    try {
      messages.feed(bytes).forEach(this::one);
    } catch (IllegalArgumentException e) {
      violation("Unknown " + e.getMessage());
      close(CloseStatus.PROTOCOL, "");
    }
  }

  private void one(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    switch (message[0] & 0xFF) {
      case ClientMessages.UPDATE_REQUEST -> requested(/* whole= */ message[1] == 0);
      case ClientMessages.KEY -> {
        if (message[1] != 0) {
          event("key " + in.getInt(4));
        }
      }
      case ClientMessages.POINTER -> {
        if (message[1] != 0) {
          event("click " + in.getShort(2) + "," + in.getShort(4));
        }
      }
      case ClientMessages.DELL -> dell(message[2] & 0xFF);
      default -> {}
    }
  }

  private void dell(int subcommand) {
    if (subcommand == 0xF6) {
      heartbeats++;
      event("heartbeat");
    } else if (subcommand == 0xF9) {
      event("goodbye");
      close(CloseStatus.NORMAL, "");
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
    long number = frameNumber();
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
    tellFramesPerSecond();
    updateUnderWay = true;
    sendInPieces(ConsoleMessages.update(picture, number, rectangles), 0);
  }

  private void sendInPieces(byte[] update, int from) {
    int to = Math.min(update.length, from + options.frameBytes());
    byte[] piece = Arrays.copyOfRange(update, from, to);
    if (to < update.length) {
      send(piece, () -> sendInPieces(update, to));
    } else {
      send(
          piece,
          () -> {
            updateUnderWay = false;
            update();
          });
    }
  }

  private void tellFramesPerSecond() {
    if (System.nanoTime() - fpsToldAt > Duration.ofSeconds(1).toNanos()) {
      fpsToldAt = System.nanoTime();
      send(ConsoleMessages.framesPerSecond((int) (1000 / options.frameInterval().toMillis())));
    }
  }

  private long frameNumber() {
    return (System.nanoTime() - startNanos) / options.frameInterval().toNanos();
  }

  private void expectHeartbeat() {
    long before = heartbeats;
    after(
        options.heartbeatLimit(),
        () -> {
          if (heartbeats == before) {
            event("no heartbeat");
            close(CloseStatus.NORMAL, "");
          } else {
            expectHeartbeat();
          }
        });
  }

  @Override
  protected void gone() {
    onGone.run();
  }
}
