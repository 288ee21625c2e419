package io.github.bmcgateway.proxy.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A connection with TLS that gives its thread back: having read so much from the network it finds
 * nothing more, until that thread has been at others. Jetty reads on for as long as something
 * comes, and for records that carry nothing (TLS 1.3 knows any number of key updates) without ever
 * returning. Where a connection has the thread for itself, only such records count.
 */
public abstract class FairSslConnection extends SslConnection {
  /** Of the network's bytes; up to a buffer more are read. */
  private static final int TURN_BYTES = 64 * 1024;

  /** Guarded by Jetty's lock where it is taken from. */
  private int turn = TURN_BYTES;

  /** As the class it extends, with direct buffers or not. */
  protected FairSslConnection(
      ByteBufferPool buffers,
      Executor executor,
      SslContextFactory tls,
      EndPoint network,
      SSLEngine engine,
      boolean directEncrypted,
      boolean directDecrypted) {
    super(buffers, executor, tls, network, engine, directEncrypted, directDecrypted);
  }

  /** Whether what has come is handled by the thread that looks after many connections. */
  protected abstract boolean isInline();

  @Override
  protected int networkFill(ByteBuffer buffer) throws IOException {
    if (turn <= 0) {
      return 0;
    }
    int filled = super.networkFill(buffer);
    turn -= Math.max(filled, 0);
    return filled;
  }

  @Override
  public void onFillable() {
    turn = TURN_BYTES;
    super.onFillable();
  }

  @Override
  protected SslEndPoint newSslEndPoint() {
    return new FairEndPoint();
  }

  /** The connection as it is without TLS. */
  protected class FairEndPoint extends SslEndPoint {
    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      int filled = super.fill(buffer);
      if (filled > 0 && !isInline()) {
        turn = TURN_BYTES;
      }
      return filled;
    }

    @Override
    public void fillInterested(Callback callback) {
      turn = TURN_BYTES;
      super.fillInterested(callback);
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
      turn = TURN_BYTES;
      return super.tryFillInterested(callback);
    }
  }
}
