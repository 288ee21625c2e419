package io.github.bmcgateway.console;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCode;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A browser's socket by {@code jakarta.websocket}. A whole message is sent without a thread; for
 * the pieces of a longer one the API has only a blocking call, which gets a thread of {@link
 * Sender}.
 */
final class JakartaBrowserSocket implements BrowserSocket {
  private static final Logger LOG = LoggerFactory.getLogger(JakartaBrowserSocket.class);
  private static final String TOMCAT_SEND_LIMIT =
      "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
  private static final String TOMCAT_CLOSE_LIMIT =
      "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final Session session;
  private final Sender sender;
  private final Timing timing;
  private final Utf8 utf8 = new Utf8();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Object lock = new Object();
  private boolean busy;
  private Optional<Runnable> waiting = Optional.empty();
  private boolean midMessage;

  JakartaBrowserSocket(Session session, Sender sender, Timing timing) {
    this.session = session;
    this.sender = sender;
    this.timing = timing;
    limitSends(timing.stall().toMillis());
    session.getUserProperties().put(TOMCAT_CLOSE_LIMIT, timing.close().toMillis());
  }

  @Override
  public void send(Part part, Sent sent) {
    Sent then = new Freeing(sent);
    boolean whole = !midMessage && part.last();
    midMessage = !part.last();
    Runnable task = whole ? () -> sendWhole(part, then) : () -> stream(part, then);
    synchronized (lock) {
      if (busy) {
        waiting = Optional.of(task);
        return;
      }
      busy = true;
    }
    task.run();
  }

  private void sendWhole(Part part, Sent sent) {
    SendHandler handler =
        result -> {
          if (result.isOK()) {
            sent.sent();
          } else {
            sent.failed(result.getException());
          }
        };
    try {
      RemoteEndpoint.Async remote = session.getAsyncRemote();
      if (part.kind() == Part.Kind.TEXT) {
        remote.sendText(utf8.decode(part.bytes(), true), handler);
      } else {
        remote.sendBinary(part.bytes(), handler);
      }
    } catch (IOException | RuntimeException e) {
      sent.failed(e);
    }
  }

  private void stream(Part part, Sent sent) {
    sender.stream(
        () -> {
          try {
            RemoteEndpoint.Basic remote = session.getBasicRemote();
            if (part.kind() == Part.Kind.TEXT) {
              remote.sendText(utf8.decode(part.bytes(), part.last()), part.last());
            } else {
              remote.sendBinary(part.bytes(), part.last());
            }
          } catch (IOException | RuntimeException e) {
            sent.failed(e);
            return;
          }
          sent.sent();
        });
  }

  @Override
  public void ping() {
    synchronized (lock) {
      if (busy) {
        return;
      }
      busy = true;
    }
    sender.brief(
        () -> {
          try {
            session.getBasicRemote().sendPing(NO_BYTES.duplicate());
          } catch (IOException | RuntimeException e) {
            LOG.debug("ping failed; the next ticks will find the browser silent", e);
          } finally {
            free();
          }
        });
  }

  private void free() {
    Optional<Runnable> next;
    synchronized (lock) {
      next = waiting;
      waiting = Optional.empty();
      busy = next.isPresent();
    }
    next.ifPresent(Runnable::run);
  }

  @Override
  public void close(Close close) {
    if (closing.compareAndSet(false, true)) {
      sender.brief(() -> closeNow(close));
    }
  }

  private void closeNow(Close close) {
    try {
      limitSends(timing.close().toMillis());
      session.close(new CloseReason(code(close), close.reason()));
    } catch (IOException | RuntimeException e) {
      LOG.debug("close failed; the bridge drops the connection", e);
    }
  }

  /**
   * {@code jakarta.websocket} can't send a close frame without a code; Tomcat's has no name for
   * 1014 (bad gateway) and throws.
   */
  private static CloseCode code(Close close) {
    if (close.isNoStatus()) {
      return CloseCodes.NORMAL_CLOSURE;
    }
    try {
      return CloseCodes.getCloseCode(close.code());
    } catch (IllegalArgumentException unnamed) {
      return CloseCodes.UNEXPECTED_CONDITION;
    }
  }

  /**
   * Jetty's sessions have an {@code abort()} that the API hasn't; Tomcat's drop the connection when
   * the close frame can't be sent or isn't answered.
   */
  @Override
  public void abort() {
    try {
      session.getClass().getMethod("abort").invoke(session);
    } catch (ReflectiveOperationException notJetty) {
      close(Close.GOING_AWAY);
    }
  }

  private void limitSends(long millis) {
    session.getUserProperties().put(TOMCAT_SEND_LIMIT, millis);
  }

  /** Frees the socket for what waits, then tells the sender. */
  private final class Freeing implements Sent {
    private final Sent sent;

    Freeing(Sent sent) {
      this.sent = sent;
    }

    @Override
    public void sent() {
      free();
      sent.sent();
    }

    @Override
    public void failed(Throwable cause) {
      free();
      sent.failed(cause);
    }
  }
}
