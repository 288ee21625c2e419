package io.github.bmcgateway.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** A connection over TLS: its handshake and the transport. Keeps no buffer while it is idle. */
abstract class TlsSocket implements Loop.Ready {
  private static final byte[] NONE = {};
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final Loop loop;
  private final SocketChannel channel;
  private final SSLEngine engine;
  private final SelectionKey key;
  private byte[] undecrypted = NONE;
  private ByteBuffer unsent = NO_BYTES;
  private boolean secured;

  TlsSocket(Loop loop, SocketChannel channel, SSLEngine engine, int interest) throws IOException {
    this.loop = loop;
    this.channel = channel;
    this.engine = engine;
    this.key = channel.register(loop.selector, interest, this);
  }

  /** TLS stands. */
  abstract void secured() throws IOException;

  /** Something has come; the bytes are only valid within the call. */
  abstract void received(ByteBuffer plain) throws IOException;

  /** The connection is gone. */
  abstract void lost(IOException cause) throws IOException;

  @Override
  public final void ready(SelectionKey selected) throws IOException {
    try {
      if (selected.isConnectable()) {
        channel.finishConnect();
        begin();
      } else {
        if (selected.isWritable()) {
          flush();
        }
        if (selected.isReadable()) {
          read();
        }
      }
    } catch (IOException e) {
      close();
      lost(e);
    }
  }

  /** Begins the TLS handshake on a connection that stands. */
  final void begin() throws IOException {
    channel.socket().setTcpNoDelay(true);
    key.interestOps(SelectionKey.OP_READ);
    engine.beginHandshake();
    shakeHands();
  }

  final void close() throws IOException {
    channel.close();
  }

  /** Whether all that was written is on its way. */
  final boolean isFlushed() {
    return !unsent.hasRemaining();
  }

  private void read() throws IOException {
    ByteBuffer in = loop.encrypted.clear().put(undecrypted);
    if (channel.read(in) < 0) {
      throw new EOFException("closed by the peer");
    }
    in.flip();
    while (in.hasRemaining() && unwrap(in)) {
      shakeHands();
    }
    undecrypted = in.hasRemaining() ? new byte[in.remaining()] : NONE;
    in.get(undecrypted);
  }

  private boolean unwrap(ByteBuffer in) throws IOException {
    ByteBuffer plain = loop.plain.clear();
    SSLEngineResult result = engine.unwrap(in, plain);
    if (result.getStatus() == Status.CLOSED) {
      throw new EOFException("TLS closed by the peer");
    }
    shakeHands();
    if (plain.flip().hasRemaining()) {
      received(plain);
    }
    return result.getStatus() == Status.OK;
  }

  private void shakeHands() throws IOException {
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        for (Runnable task = engine.getDelegatedTask(); task != null; ) {
          task.run();
          task = engine.getDelegatedTask();
        }
      } else if (status == HandshakeStatus.NEED_WRAP) {
        write(NO_BYTES.duplicate());
      } else {
        break;
      }
    }
    if (!secured && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
      secured = true;
      secured();
    }
  }

  /** Sends all of it, at once as far as the network takes it. */
  final void write(ByteBuffer plain) throws IOException {
    ByteBuffer out = loop.outgoing.clear();
    do {
      engine.wrap(plain, out);
    } while (plain.hasRemaining());
    out.flip();
    if (isFlushed()) {
      channel.write(out);
    }
    if (out.hasRemaining()) {
      ByteBuffer all = ByteBuffer.allocate(unsent.remaining() + out.remaining());
      unsent = all.put(unsent).put(out).flip();
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  private void flush() throws IOException {
    channel.write(unsent);
    if (isFlushed()) {
      unsent = NO_BYTES;
      key.interestOps(SelectionKey.OP_READ);
    }
  }
}
