package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedSocket;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The unit's end of a WebSocket, as AMI's module for lighttpd behaves: payloads are a stream of
 * bytes in both directions, at most 64 KiB go into one message.
 *
 * <p>Incoming bytes are handled on the connection's thread; {@link #send} may be called by any.
 */
abstract class WireSocket {

  private static final int SENT_AT_ONCE = 65_536;
  private static final long SAFE_MESSAGE = 131_134;
  private static final long DEADLY_MESSAGE = 262_144;
  private static final int NO_CLOSE_FRAME = 1006;

  private final CountDownLatch gone = new CountDownLatch(1);
  private final Object sending = new Object();
  private WireServer server;
  private RecordedSocket recorded;
  private OutputStream out = OutputStream.nullOutputStream();
  private long messageBytes;

  /** Says whose socket this is; once, before {@link #serve}. */
  final void attach(WireServer wireServer, RecordedSocket record) {
    server = wireServer;
    recorded = record;
    server.recorder().socket(recorded);
  }

  /** Serves until either end has had enough. */
  final void serve(InputStream input, OutputStream output) throws IOException {
    out = output;
    int code = NO_CLOSE_FRAME;
    try {
      opened();
      DataInputStream in = new DataInputStream(input);
      while (!isGone()) {
        Frame.Head head = Frame.readHead(in);
        if (isRefused(head)) {
          return;
        }
        byte[] payload = Frame.readPayload(in, head);
        recorded.received(payload.length);
        if (head.opcode() == Frame.CLOSE) {
          code = closeCode(payload);
          answerClose(payload);
          return;
        }
        frame(head, payload);
      }
    } finally {
      gone.countDown();
      ended();
      recorded.closed(code);
    }
  }

  private boolean isRefused(Frame.Head head) {
    if (!head.masked() || head.rsv() != 0) {
      violation(head.masked() ? "Reserved bits " + head.rsv() : "Frame without a mask");
      return true;
    }
    messageBytes = head.opcode() == Frame.CONTINUATION ? messageBytes : 0;
    messageBytes += head.length();
    boolean limited = server.options().has(Quirk.CRASHES_ON_LARGE_MESSAGE);
    if (limited && messageBytes > SAFE_MESSAGE) {
      violation("Message of " + messageBytes + " bytes or more");
    }
    if (limited && messageBytes > DEADLY_MESSAGE) {
      server.crash();
      return true;
    }
    return false;
  }

  private void frame(Frame.Head head, byte[] payload) throws IOException {
    if (head.isData()) {
      received(payload);
    } else if (head.opcode() == Frame.PING) {
      if (server.options().has(Quirk.IGNORES_PING)) {
        violation("WebSocket ping");
      } else {
        write(Frame.ofServer(Frame.PONG, payload, 0, payload.length));
      }
    }
  }

  private void answerClose(byte[] payload) throws IOException {
    if (!server.options().has(Quirk.CLOSES_WITHOUT_FRAME)) {
      write(Frame.ofServer(Frame.CLOSE, payload, 0, payload.length));
    }
  }

  private static int closeCode(byte[] payload) {
    return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
  }

  /** The handshake is over. */
  protected abstract void opened() throws IOException;

  /** Bytes came, cut anywhere. */
  protected abstract void received(byte[] bytes) throws IOException;

  /** The socket is over, for whatever reason. */
  protected abstract void ended();

  /** Sends bytes in as few messages as the unit's buffer allows. */
  protected final void send(byte[] bytes) throws IOException {
    synchronized (sending) {
      ByteArrayOutputStream frames = new ByteArrayOutputStream(bytes.length + 64);
      for (int at = 0; at < bytes.length; at += SENT_AT_ONCE) {
        int length = Math.min(SENT_AT_ONCE, bytes.length - at);
        frames.writeBytes(Frame.ofServer(Frame.BINARY, bytes, at, length));
        recorded.sent(length);
      }
      write(frames.toByteArray());
    }
  }

  private void write(byte[] bytes) throws IOException {
    synchronized (sending) {
      out.write(bytes);
      out.flush();
    }
  }

  /** Ends the connection without a close frame once the current bytes are handled. */
  protected final void leave() {
    gone.countDown();
  }

  protected final boolean isGone() {
    return gone.getCount() == 0;
  }

  /** Does something time and again on another thread for as long as the socket lives. */
  protected final void every(long intervalMillis, Tick tick) {
    server.background(
        () -> {
          try {
            while (!gone.await(intervalMillis, TimeUnit.MILLISECONDS)) {
              tick.run();
            }
          } catch (IOException e) {
            leave();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** What is done time and again. */
  @FunctionalInterface
  protected interface Tick {
    void run() throws IOException;
  }

  protected final void event(String event) {
    recorded.event(event);
  }

  protected final void violation(String violation) {
    server.recorder().violation(violation + " (" + recorded.upgrade().path() + ")");
  }

  /** Ends the connection from another thread: the reader wakes up and finds it closed. */
  protected final void hangUp() throws IOException {
    leave();
    synchronized (sending) {
      out.close();
    }
  }
}
