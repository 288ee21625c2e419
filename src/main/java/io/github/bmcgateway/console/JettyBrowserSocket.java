package io.github.bmcgateway.console;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** A browser's socket by Jetty's WebSocket API: every piece is one frame, no thread is held. */
final class JettyBrowserSocket implements BrowserSocket {
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final Session session;
  private final Utf8 utf8 = new Utf8();
  private final AtomicBoolean closing = new AtomicBoolean();

  JettyBrowserSocket(Session session) {
    this.session = session;
  }

  @Override
  public void send(Part part, Sent sent) {
    Callback then = Callback.from(sent::sent, sent::failed);
    if (part.kind() == Part.Kind.BINARY) {
      session.sendPartialBinary(part.bytes(), part.last(), then);
      return;
    }
    String text;
    try {
      text = utf8.decode(part.bytes(), part.last());
    } catch (CharacterCodingException e) {
      sent.failed(e);
      return;
    }
    session.sendPartialText(text, part.last(), then);
  }

  @Override
  public void ping() {
    session.sendPing(NO_BYTES.duplicate(), Callback.NOOP);
  }

  /** Jetty makes a close frame without a code of the 1005 that stands for it. */
  @Override
  public void close(Close close) {
    if (closing.compareAndSet(false, true)) {
      session.close(close.code(), close.reason(), Callback.NOOP);
    }
  }

  @Override
  public void abort() {
    session.disconnect();
  }
}
