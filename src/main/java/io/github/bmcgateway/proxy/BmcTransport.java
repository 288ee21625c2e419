package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * Connections to BMCs that are used again only after an answer ended where it said. On one that
 * brings more, or brings anything while nothing was asked, what comes next could be taken for the
 * answer to another request: it is closed. A body whose framing is broken ends its exchange as what
 * it is, not as a connection that went away.
 */
final class BmcTransport extends HttpClientTransportOverHTTP {
  private static final int FINAL = 200;

  BmcTransport(ClientConnector connector) {
    super(connector);
  }

  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
    return customize(new BmcConnection(endPoint, context), context);
  }

  private static final class BmcConnection extends HttpConnectionOverHTTP {
    BmcConnection(EndPoint endPoint, Map<String, Object> context) {
      super(endPoint, context);
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
