package io.github.bmcgateway.console;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a browser's socket does, handed from {@code jakarta.websocket} to the bridge. Public because
 * Jetty refuses an endpoint that isn't.
 */
public final class BridgeEndpoint extends Endpoint {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Jetty's own settings, so that it doesn't cut up frames; another container ignores them. */
  static final Map<String, Object> CONTAINER_PROPERTIES =
      Map.of(
          "org.eclipse.jetty.websocket.inputBufferSize",
          BUFFER_BYTES,
          "org.eclipse.jetty.websocket.maxFrameSize",
          0L);

  private final Bridge bridge;
  private final Sender sender;
  private final Utf8 utf8 = new Utf8();

  BridgeEndpoint(Bridge bridge, Sender sender) {
    this.bridge = bridge;
    this.sender = sender;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    session.setMaxIdleTimeout(0);
    session.addMessageHandler(ByteBuffer.class, new Binary());
    session.addMessageHandler(String.class, new Text());
    session.addMessageHandler(PongMessage.class, new Pong());
    bridge.browserOpened(new JakartaBrowserSocket(session, sender, bridge.timing()));
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    String phrase = reason.getReasonPhrase() == null ? "" : reason.getReasonPhrase();
    bridge.browserClosed(new Close(reason.getCloseCode().getCode(), phrase));
  }

  @Override
  public void onError(Session session, Throwable cause) {
    // onClose follows with the code that it led to.
  }

  /** Holds the container's thread until the BMC took the piece: that is its only back-pressure. */
  private void relay(Part part) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    bridge.fromBrowser(part, new Taken(taken));
    if (taken.isDone()) {
      return;
    }
    try {
      taken.get(bridge.timing().stall().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      bridge.bmcStalled();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      bridge.bmcStalled();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Binary implements MessageHandler.Partial<ByteBuffer> {
    @Override
    public void onMessage(ByteBuffer piece, boolean last) {
      relay(new Part(Part.Kind.BINARY, piece, last));
    }
  }

  private final class Text implements MessageHandler.Partial<String> {
    @Override
    public void onMessage(String piece, boolean last) {
      relay(new Part(Part.Kind.TEXT, utf8.encode(piece, last), last));
    }
  }

  private final class Pong implements MessageHandler.Whole<PongMessage> {
    @Override
    public void onMessage(PongMessage pong) {
      bridge.browserActive();
    }
  }

  /** Completes either way: a failure was the bridge's to handle. */
  private record Taken(CompletableFuture<Void> future) implements Sent {
    @Override
    @SuppressWarnings("NullAway") // There is no other value of Void.
    public void sent() {
      future.complete(null);
    }

    @Override
    public void failed(Throwable cause) {
      sent();
    }
  }
}
