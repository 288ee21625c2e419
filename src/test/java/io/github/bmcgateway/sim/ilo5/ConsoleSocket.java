package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.SimulatedSocket;
import io.github.bmcgateway.sim.ilo5.Ilo5Sessions.Session;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * {@code /wss/ircport}: the unit speaks first, the viewer shows its key, then a picture that moves
 * by itself goes down and records of input go up, each in a message of its own.
 */
final class ConsoleSocket extends SimulatedSocket {

  private enum State {
    HELLO,
    ASKED_BACK,
    RUNNING
  }

  private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);
  private static final int NOISE_EVERY = 16;

  /** Largest coordinate of a pointer. */
  private static final int POINTER_MAX = 3000;

  private final Ilo5Sessions sessions;
  private final MovingPicture picture;
  private final Ilo5Options options;
  private final ConsoleAnswer greeting;
  private final Runnable onGone;
  private final long startNanos = System.nanoTime();

  private State state = State.HELLO;
  private long lastFrame;
  private long frames;
  private boolean wholeOwed = true;
  private boolean acknowledged;
  private long heard;

  ConsoleSocket(
      Ilo5Sessions sessions,
      MovingPicture picture,
      Ilo5Options options,
      ConsoleAnswer greeting,
      Runnable onGone) {
    super(/* pingsAllowed= */ false);
    this.sessions = sessions;
    this.picture = picture;
    this.options = options;
    this.greeting = greeting;
    this.onGone = onGone;
  }

  /** Closes the console as the unit does at a logout, a reset or before new firmware. */
  void end(String why) {
    after(
        Duration.ZERO,
        () -> {
          event(why);
          close(CloseStatus.NORMAL, "");
        });
  }

  @Override
  protected void opened() {
    send(Hello.ask());
    after(
        HELLO_LIMIT,
        () -> {
          if (state == State.HELLO) {
            event("no hello");
            close(CloseStatus.NORMAL, "");
          }
        });
  }

  @Override
  protected void message(byte[] message) {
    heard++;
    switch (state) {
      case HELLO -> hello(message);
      case ASKED_BACK -> reply(message);
      case RUNNING -> input(message);
      default -> throw new IllegalStateException(state.name());
    }
  }

  private void hello(byte[] message) {
    Optional<Session> session = Hello.read(message, sessions);
    if (session.isEmpty()) {
      event("wrong hello");
      send(ConsoleAnswer.DENIED.bytes());
      close(CloseStatus.NORMAL, "");
      return;
    }
    event("handshake");
    sessions.atEnd(session.get(), () -> end("session ended"));
    send(greeting.bytes());
    if (greeting.asksBack()) {
      state = State.ASKED_BACK;
    } else if (greeting == ConsoleAnswer.OK) {
      run();
    } else {
      close(CloseStatus.NORMAL, "");
    }
  }

  private void reply(byte[] message) {
    boolean known =
        message.length == 2 && (message[0] == 0x55 || message[0] == 0x56) && message[1] == 0;
    if (!known) {
      refuse(message);
      return;
    }
    event(message[0] == 0x55 ? "seize" : "share");
    send(ConsoleAnswer.OK.bytes());
    run();
  }

  private void run() {
    state = State.RUNNING;
    event("running");
    nextFrame();
    expectInput();
  }

  private void input(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    int type = message.length == 0 ? -1 : message[0] & 0xFF;
    if (type == 0x01 && message.length == 10) {
      keys(message);
    } else if (type == 0x02 && message.length == 10) {
      pointer(in);
    } else if (type == 0x00 && message.length == 4) {
      event("power " + message[2]);
    } else if (type == 0x05 && isWord(message)) {
      event("refresh");
      wholeOwed = true;
    } else if (type == 0x0C && isWord(message)) {
      acknowledge();
    } else if (type == 0x0F && (message.length == 1 || isWord(message))) {
      event("idle");
    } else {
      refuse(message);
    }
  }

  private static boolean isWord(byte[] message) {
    return message.length == 2 && message[1] == 0;
  }

  /** A report of a USB keyboard: modifiers, 0, up to six keys. */
  private void keys(byte[] message) {
    for (int i = 4; i < message.length; i++) {
      if (message[i] != 0) {
        event("key " + (message[i] & 0xFF));
      }
    }
  }

  private void pointer(ByteBuffer in) {
    int x = in.getShort(2);
    int y = in.getShort(4);
    if (x < 0 || x > POINTER_MAX || y < 0 || y > POINTER_MAX) {
      refuse(in.array());
    } else if (in.get(8) != 0) {
      event("click " + x + "," + y);
    }
  }

  private void acknowledge() {
    if (!acknowledged) {
      acknowledged = true;
      event("acknowledged");
    }
  }

  /** Messages that were merged, cut or changed on their way look like this. */
  private void refuse(byte[] message) {
    violation("Unknown console record of " + message.length + " bytes");
    close(CloseStatus.PROTOCOL, "");
  }

  private void nextFrame() {
    long number = (System.nanoTime() - startNanos) / options.frameInterval().toNanos();
    List<Rectangle> rectangles =
        wholeOwed
            ? List.of(new Rectangle(0, 0, picture.width(), picture.height()))
            : picture.changed(lastFrame, number);
    if (rectangles.isEmpty()) {
      after(options.frameInterval(), this::nextFrame);
      return;
    }
    wholeOwed = false;
    lastFrame = number;
    frames++;
    sendInBursts(IrcStream.picture(picture, number, rectangles), 0);
  }

  /** What doesn't leave holds up the next picture, which then is a later one. */
  private void sendInBursts(byte[] record, int from) {
    int to = Math.min(record.length, from + options.burstBytes());
    byte[] burst = Arrays.copyOfRange(record, from, to);
    if (to < record.length) {
      send(burst, () -> sendInBursts(record, to));
    } else if (record[2] == 1 && frames % NOISE_EVERY == 0) {
      send(burst, () -> sendInBursts(IrcStream.noise(frames, options.burstBytes()), 0));
    } else {
      send(burst, () -> after(options.frameInterval(), this::nextFrame));
    }
  }

  private void expectInput() {
    long before = heard;
    after(
        options.consoleIdle(),
        () -> {
          if (heard == before) {
            event("silent");
            close(CloseStatus.NORMAL, "");
          } else {
            expectInput();
          }
        });
  }

  @Override
  protected void gone() {
    onGone.run();
  }
}
