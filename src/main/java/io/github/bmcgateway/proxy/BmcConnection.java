package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.SendFailure;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a BMC that is used again only after an answer ended where it said. On one that
 * brings more, or brings anything while nothing was asked, what comes next could be taken for the
 * answer to another request: it is closed. A body whose framing is broken ends its exchange as what
 * it is, not as a connection that went away.
 */
final class BmcConnection extends HttpConnectionOverHTTP {
  private static final int FINAL = 200;

  /** Longest silence between two events: BMCs may say nothing for minutes. */
  private static final long EVENT_MILLIS = TimeUnit.MINUTES.toMillis(15);

  private final Replay replay;
  private final long unusedMillis;
  private volatile long unusedSince = NanoTime.now();
  private volatile boolean apart;

  /**
   * @param replay sends requests once more
   * @param idleMillis for how long it may be unused, unless requests say it of their BMC
   */
  BmcConnection(EndPoint endPoint, Map<String, Object> context, Replay replay, long idleMillis) {
    super(endPoint, context);
    this.replay = replay;
    int seconds = BmcTransport.limits(getHttpDestination()).idleSeconds();
    this.unusedMillis = seconds == 0 ? idleMillis : TimeUnit.SECONDS.toMillis(seconds);
  }

  /** When its last exchange was over, in nanoseconds of the JVM's clock. */
  long unusedSince() {
    return unusedSince;
  }

  @Override
  public void onOpen() {
    // Each exchange has another bound, and leaves this one as it found it.
    getEndPoint().setIdleTimeout(unusedMillis);
    super.onOpen();
  }

  /**
   * From now on it is for the stream of events that runs on it alone, whose silence says nothing of
   * the BMC, and its pool has room for another.
   */
  void leavePool() {
    apart = true;
    getEndPoint().setIdleTimeout(EVENT_MILLIS);
    remove();
  }

  @Override
  public void release() {
    unusedSince = NanoTime.now();
    super.release();
    if (apart) {
      close();
    }
  }

  @Override
  public @Nullable SendFailure send(HttpExchange exchange) {
    HttpRequest request = exchange.getRequest();
    if (request.getIdleTimeout() < 0) {
      request.idleTimeout(
          getHttpDestination().getHttpClient().getIdleTimeout(), TimeUnit.MILLISECONDS);
    }
    boolean used = getMessagesIn() > 0;
    if (used && needsBetter(request)) {
      close();
      return new SendFailure(new ClosedChannelException(), /* retry= */ true);
    }
    if (used) {
      long before = getBytesIn();
      replay.watch(exchange, () -> getBytesIn() == before);
    }
    SendFailure failure = super.send(exchange);
    if (failure == null && isClosed()) {
      // Whoever closed it may not have seen the exchange, whose time-outs ended with the
      // connection.
      exchange.abort(new ClosedChannelException(), Promise.noop());
    }
    return failure;
  }

  /** Whether it would be lost, or fail for good, should the BMC be about to close this one. */
  private boolean needsBetter(HttpRequest request) {
    return Replay.isSecond(request)
        || (!Replay.isPossible(request) && NanoTime.millisSince(unusedSince) > unusedMillis / 2);
  }

  @Override
  protected HttpChannelOverHTTP newHttpChannel() {
    return new BmcChannel(this);
  }

  @Override
  protected void addBytesIn(long bytes) {
    super.addBytesIn(bytes);
    if (getHttpChannel().getHttpExchange() == null) {
      close();
    }
  }

  private static final class BmcChannel extends HttpChannelOverHTTP {
    BmcChannel(HttpConnectionOverHTTP connection) {
      super(connection);
    }

    @Override
    protected HttpReceiverOverHTTP newHttpReceiver() {
      return new BmcReceiver(this);
    }

    @Override
    public void release() {
      if (getHttpReceiver() instanceof BmcReceiver receiver && receiver.hasSurplus()) {
        getHttpConnection().close();
      } else {
        super.release();
      }
    }
  }

  private static final class BmcReceiver extends HttpReceiverOverHTTP {
    private boolean surplus;

    BmcReceiver(HttpChannelOverHTTP channel) {
      super(channel);
    }

    /** Whether more came than the answer that is over. */
    boolean hasSurplus() {
      return surplus;
    }

    @Override
    public boolean messageComplete() {
      HttpExchange exchange = getHttpExchange();
      ByteBuffer rest = getResponseBuffer();
      surplus =
          exchange != null
              && exchange.getResponse().getStatus() >= FINAL
              && rest != null
              && rest.hasRemaining();
      return super.messageComplete();
    }

    @Override
    public void earlyEOF() {
      if (isShutdown() || getHttpExchange() == null) {
        super.earlyEOF();
      } else {
        // Jetty's parser reports a bad chunk as if the connection had ended.
        failAndClose(new FailureException(Failure.BMC_PROTOCOL));
      }
    }
  }
}
