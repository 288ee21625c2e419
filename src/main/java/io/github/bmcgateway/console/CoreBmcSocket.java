package io.github.bmcgateway.console;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.CloseException;

/** The BMC's socket on Jetty's core client: frames in, frames out, one asked for at a time. */
final class CoreBmcSocket implements BmcSocket, FrameHandler {
  private final Bridge bridge;
  private final Consumer<Throwable> abortDial;
  private volatile Optional<CoreSession> session = Optional.empty();
  private final AtomicBoolean aborted = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private Part.Kind incoming = Part.Kind.BINARY;
  private boolean continuing;
  private volatile boolean midMessage;
  private volatile boolean heard;

  CoreBmcSocket(Bridge bridge, Consumer<Throwable> abortDial) {
    this.bridge = bridge;
    this.abortDial = abortDial;
  }

  /** What the socket goes through. */
  void connectedBy(EndPoint endPoint) {
    if (endPoint.getLocalSocketAddress() instanceof InetSocketAddress local
        && endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote) {
      bridge.bmcAt(new FarEnd(local, remote));
    }
  }

  @Override
  public void onOpen(CoreSession opened, Callback callback) {
    session = Optional.of(opened);
    callback.succeeded();
    if (aborted.get()) {
      opened.abort();
    }
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    heard = true;
    switch (frame.getOpCode()) {
      case OpCode.TEXT -> onData(Part.Kind.TEXT, frame, callback);
      case OpCode.BINARY -> onData(Part.Kind.BINARY, frame, callback);
      case OpCode.CONTINUATION -> onData(incoming, frame, callback);
      case OpCode.PING -> answerPing(frame, callback);
      case OpCode.CLOSE -> onClose(frame, callback);
      default -> {
        callback.succeeded();
        demand();
      }
    }
  }

  private void onData(Part.Kind kind, Frame frame, Callback callback) {
    incoming = kind;
    midMessage = !frame.isFin();
    ByteBuffer payload = frame.hasPayload() ? frame.getPayload() : BufferUtil.EMPTY_BUFFER;
    bridge.fromBmc(new Part(kind, payload, frame.isFin()), callback::succeeded);
  }

  private void answerPing(Frame ping, Callback callback) {
    Frame pong = new Frame(OpCode.PONG).setPayload(BufferUtil.copy(ping.getPayload()));
    callback.succeeded();
    // The next frame only when the answer is out: a BMC that pings without reading fills nothing.
    session(core -> core.sendFrame(pong, Callback.from(this::demand, x -> demand()), false));
  }

  private void onClose(Frame frame, Callback callback) {
    CloseStatus status = CloseStatus.getCloseStatus(frame);
    String reason = status.getReason() == null ? "" : status.getReason();
    bridge.bmcClosed(new Close(status.getCode(), reason), callback::succeeded);
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    callback.succeeded();
    bridge.bmcOver(toBrowser(status));
  }

  /**
   * The client shows a reset as the end of the stream: only what is torn tells it from a good end.
   */
  private Close toBrowser(CloseStatus status) {
    Throwable cause = status.getCause();
    if (cause instanceof CloseException && !heard && bridge.bounds().refusesInPlainHttp()) {
      return Close.BUSY;
    }
    if (cause instanceof CloseException broken) {
      return new Close(broken.getStatusCode(), "");
    }
    boolean ended =
        status.getCode() == CloseStatus.NO_CLOSE && cause instanceof ClosedChannelException;
    return ended && !midMessage ? Close.GOING_AWAY : Close.BROKEN;
  }

  @Override
  public void demand() {
    session(CoreSession::demand);
  }

  @Override
  public void send(Part part, Sent sent) {
    Optional<CoreSession> core = session;
    if (core.isEmpty()) {
      sent.failed(new ClosedChannelException());
      return;
    }
    Frame frame = new Frame(opCode(part)).setPayload(part.bytes()).setFin(part.last());
    continuing = !part.last();
    core.get().sendFrame(frame, Callback.from(sent::sent, sent::failed), false);
  }

  private byte opCode(Part part) {
    if (continuing) {
      return OpCode.CONTINUATION;
    }
    return part.kind() == Part.Kind.TEXT ? OpCode.TEXT : OpCode.BINARY;
  }

  @Override
  public void close(Close close) {
    if (session.isEmpty()) {
      abort();
    } else if (closing.compareAndSet(false, true)) {
      session(
          core -> {
            if (CloseStatus.isTransmittableStatusCode(close.code())) {
              core.close(close.code(), close.reason(), Callback.NOOP);
            } else {
              core.close(Callback.NOOP);
            }
          });
    }
  }

  @Override
  public void abort() {
    if (aborted.compareAndSet(false, true)) {
      session.ifPresentOrElse(CoreSession::abort, this::abortDial);
    }
  }

  private void abortDial() {
    abortDial.accept(new CancellationException("console given up"));
    bridge.bmcOver(Close.BROKEN);
  }

  private void session(Consumer<CoreSession> action) {
    session.ifPresent(action);
  }
}
