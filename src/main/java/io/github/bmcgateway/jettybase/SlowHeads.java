package io.github.bmcgateway.jettybase;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which a TLS handshake, or the head of a request, takes too long. Jetty's
 * idle time-out begins anew with every byte, so that one byte a minute would keep a connection
 * until its head is too large. Connections on which a request is under way, and those that were
 * made a WebSocket's, are left alone. To be added to a connector as a listener, and to its {@link
 * HttpConfiguration}; looks at all connections every half second.
 *
 * <p>Thread-safe.
 */
public final class SlowHeads extends AbstractLifeCycle
    implements Connection.Listener, HttpConfiguration.Customizer {
  private static final long INTERVAL_MILLIS = 500;

  private final Scheduler scheduler;
  private final long limitNanos;
  private final Map<Connection, Watched> connections = new ConcurrentHashMap<>();
  private volatile Scheduler.@Nullable Task next;

  /**
   * @param server whose scheduler runs the looks
   * @param limitMillis from a connection's begin to the end of its handshake, and from a head's
   *     first byte to its end
   */
  public SlowHeads(Server server, long limitMillis) {
    this.scheduler = server.getScheduler();
    this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
  }

  @Override
  protected void doStart() {
    plan();
  }

  @Override
  protected void doStop() {
    Scheduler.Task planned = next;
    if (planned != null) {
      planned.cancel();
    }
  }

  private void plan() {
    next = scheduler.schedule(this::look, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = NanoTime.now();
    connections.values().forEach(each -> each.look(now));
    if (isRunning()) {
      plan();
    }
  }

  @Override
  public void onOpened(Connection connection) {
    boolean shakesHands = connection instanceof NegotiatingServerConnection;
    if (shakesHands || connection instanceof ConnectionMetaData) {
      connections.put(connection, new Watched(connection, shakesHands));
    }
  }

  @Override
  public void onClosed(Connection connection) {
    connections.remove(connection);
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    Watched watched = connections.get(request.getConnectionMetaData().getConnection());
    if (watched != null) {
      watched.begun.incrementAndGet();
      Request.addCompletionListener(request, failure -> watched.ended.incrementAndGet());
    }
    return request;
  }

  /** A connection, and what comes on it. */
  private final class Watched {
    private final Connection connection;
    private final boolean shakesHands;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    // Of the looks alone, of which there is one at a time.
    private long seenRequests;
    private long seenBytes;
    private boolean isComing;
    private long since = NanoTime.now();
    private boolean isClosed;

    Watched(Connection connection, boolean shakesHands) {
      this.connection = connection;
      this.shakesHands = shakesHands;
    }

    void look(long now) {
      if (shakesHands ? NanoTime.elapsed(since, now) >= limitNanos : isHeadLate(now)) {
        close();
      }
    }

    /** Who says nothing at all any more is left to the idle time-out. */
    private boolean isHeadLate(long now) {
      long requests = begun.get();
      long bytes = connection.getBytesIn();
      boolean isNew = bytes != seenBytes;
      seenBytes = bytes;
      if (requests != ended.get() || requests != seenRequests) {
        seenRequests = requests;
        isComing = false;
        return false;
      }
      if (isNew && !isComing) {
        isComing = true;
        since = now;
      }
      return isNew && NanoTime.elapsed(since, now) >= limitNanos;
    }

    private void close() {
      if (isClosed) {
        // What it is told in farewell doesn't get through.
        network(connection.getEndPoint()).close();
      } else {
        isClosed = true;
        connection.close();
      }
    }

    private EndPoint network(EndPoint endPoint) {
      return endPoint instanceof SslConnection.SslEndPoint tls
          ? tls.getSslConnection().getEndPoint()
          : endPoint;
    }
  }
}
