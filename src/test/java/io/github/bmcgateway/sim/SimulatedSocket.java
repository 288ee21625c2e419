package io.github.bmcgateway.sim;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The BMC's end of one WebSocket, at frame level: records what passes and hands whole binary
 * messages to the vendor's protocol.
 *
 * <p>The protocol's methods and tasks run one at a time, under the socket's lock; they may call
 * {@link #send}, {@link #close} and {@link #after} freely but must not block. An exception in them
 * closes the socket with 1011. A text frame closes it with 1003, for BMC consoles are binary.
 */
public abstract class SimulatedSocket implements FrameHandler {

  private final Object lock = new Object();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private final boolean pingsAllowed;
  private Recorder recorder = new Recorder();
  private RecordedSocket recorded;
  private Scheduler scheduler;
  private CoreSession session;

  /**
   * Makes a socket.
   *
   * @param pingsAllowed whether the vendor's server takes pings; else each one is a violation
   */
  protected SimulatedSocket(boolean pingsAllowed) {
    this.pingsAllowed = pingsAllowed;
  }

  /** The socket is open; the protocol may begin to speak. */
  protected abstract void opened();

  /** A whole binary message came. */
  protected abstract void message(byte[] message);

  /** The socket is gone, whoever ended it. */
  protected abstract void gone();

  final void attach(Recorder owner, RecordedRequest upgrade, Scheduler timers) {
    recorder = owner;
    scheduler = timers;
    recorded = new RecordedSocket(upgrade);
  }

  /** Sends one binary message as one frame. */
  protected final void send(byte[] message) {
    send(message, () -> {});
  }

  /** Sends one binary message as one frame; runs the task once it has left. */
  protected final void send(byte[] message, Runnable sent) {
    recorded.sent(message.length);
    session.sendFrame(
        new Frame(OpCode.BINARY, ByteBuffer.wrap(message)),
        Callback.from(() -> run(sent), failure -> {}),
        /* batch= */ false);
  }

  /** Closes the socket. */
  protected final void close(int code, String reason) {
    session.close(code, reason, Callback.NOOP);
  }

  /** Runs a task of the protocol after a time, unless the socket is gone by then. */
  protected final void after(Duration delay, Runnable task) {
    scheduler.schedule(() -> run(task), delay);
  }

  /** Notes what the protocol saw, for tests. */
  protected final void event(String event) {
    recorded.event(event);
  }

  /** Notes that a rule was broken. */
  protected final void violation(String violation) {
    recorder.violation(violation + " (" + recorded.upgrade().path() + ")");
  }

  private void run(Runnable task) {
    synchronized (lock) {
      try {
        if (recorded.isOpen()) {
          task.run();
        }
      } catch (RuntimeException e) {
        event("failed: " + e);
        close(CloseStatus.SERVER_ERROR, "failed");
      }
    }
  }

  @Override
  public final void onOpen(CoreSession coreSession, Callback callback) {
    session = coreSession;
    // The vendor's protocol has its own heartbeat; Jetty's 30 s would cut in before it.
    coreSession.setIdleTimeout(Duration.ZERO);
    recorder.socket(recorded);
    callback.succeeded();
    run(this::opened);
    coreSession.demand();
  }

  @Override
  public final void onFrame(Frame frame, Callback callback) {
    recorded.received(frame.getPayloadLength());
    byte[] payload = BufferUtil.toArray(frame.getPayload());
    callback.succeeded();
    if (frame.isDataFrame()) {
      run(() -> data(frame.getOpCode(), payload, frame.isFin()));
    } else if (frame.getOpCode() == OpCode.PING && !pingsAllowed) {
      violation("WebSocket ping");
    }
    if (frame.getOpCode() != OpCode.CLOSE) {
      session.demand();
    }
  }

  private void data(byte opCode, byte[] payload, boolean last) {
    if (opCode == OpCode.TEXT) {
      violation("Text frame on a binary console");
      close(CloseStatus.BAD_DATA, "binary only");
      return;
    }
    partial.writeBytes(payload);
    if (last) {
      byte[] whole = partial.toByteArray();
      partial.reset();
      message(whole);
    }
  }

  @Override
  public final void onError(Throwable cause, Callback callback) {
    callback.succeeded();
  }

  @Override
  public final void onClosed(CloseStatus closeStatus, Callback callback) {
    synchronized (lock) {
      recorded.closed(closeStatus.getCode());
      gone();
    }
    callback.succeeded();
  }
}
