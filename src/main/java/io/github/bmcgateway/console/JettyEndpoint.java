package io.github.bmcgateway.console;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Frame;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * What a browser's socket does, handed from Jetty's WebSocket API to the bridge frame by frame. The
 * next frame, or the next piece of a long one, is asked for when the BMC took the last: that is the
 * back-pressure, and no thread waits for it. Public because Jetty refuses an endpoint that isn't.
 */
public final class JettyEndpoint implements Session.Listener {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final Bridge bridge;
  private final Utf8 utf8 = new Utf8();
  private volatile Optional<Session> session = Optional.empty();

  JettyEndpoint(Bridge bridge) {
    this.bridge = bridge;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    opened.setIdleTimeout(Duration.ZERO);
    opened.setInputBufferSize(BUFFER_BYTES);
    // No bound of the container's own: a frame is read in the pieces in which it arrives, and sent
    // as it is.
    opened.setAutoFragment(true);
    opened.setMaxFrameSize(0);
    session = Optional.of(opened);
    bridge.browserOpened(new JettyBrowserSocket(opened));
    opened.demand();
  }

  @Override
  public void onWebSocketFrame(Frame frame, Callback callback) {
    bridge.browserActive();
    switch (Frame.Type.from(frame.getEffectiveOpCode())) {
      case TEXT -> onText(frame, callback);
      case BINARY -> relay(Part.Kind.BINARY, frame, callback);
      case PING -> answerPing(frame, callback);
      // The container answers it now, and onWebSocketClose follows.
      case CLOSE -> callback.succeed();
      default -> next(callback);
    }
  }

  private void onText(Frame frame, Callback callback) {
    try {
      utf8.check(payload(frame), frame.isFin());
    } catch (CharacterCodingException e) {
      bridge.browserBroke(Close.BAD_TEXT);
      next(callback);
      return;
    }
    relay(Part.Kind.TEXT, frame, callback);
  }

  private void relay(Part.Kind kind, Frame frame, Callback callback) {
    bridge.fromBrowser(new Part(kind, payload(frame), frame.isFin()), new Taken(callback));
  }

  private void answerPing(Frame ping, Callback callback) {
    ByteBuffer payload = payload(ping);
    ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
    // The next frame only when the answer is out: a browser that pings without reading fills
    // nothing.
    Callback then = Callback.from(() -> next(callback), x -> next(callback));
    session.ifPresent(open -> open.sendPong(copy, then));
  }

  private void next(Callback callback) {
    callback.succeed();
    session.ifPresent(Session::demand);
  }

  private static ByteBuffer payload(Frame frame) {
    return frame.hasPayload() ? frame.getPayload() : NO_BYTES.duplicate();
  }

  @Override
  public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
    callback.succeed();
    bridge.browserClosed(new Close(code, reason == null ? "" : reason));
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    // onWebSocketClose follows with the code that it led to. Without this method each is a warning
    // in the log.
  }

  /** Goes on either way: a failure was the bridge's to handle. */
  private final class Taken implements Sent {
    private final Callback callback;

    Taken(Callback callback) {
      this.callback = callback;
    }

    @Override
    public void sent() {
      next(callback);
    }

    @Override
    public void failed(Throwable cause) {
      next(callback);
    }
  }
}
