package io.github.bmcgateway.proxy;

import io.github.bmcgateway.proxy.Slots.Slot;
import io.github.bmcgateway.target.Budget;
import java.net.InetAddress;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Promise;

/** Opens connections to a BMC as slots for them come free. */
final class BmcDestination extends HttpDestination {
  private final Slots slots;
  private final Object place;

  /** A BMC by where it is dialled for its pages. */
  private record Place(InetAddress ip, int port) {}

  /** Nothing went wrong, but no connection was opened. */
  private static final class NotOpenedException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;
  }

  BmcDestination(HttpClient client, Origin origin, Slots slots) {
    super(client, origin);
    this.slots = slots;
    this.place = placeOf(origin);
  }

  /** What all connections to one BMC have in common. */
  static Object placeOf(Origin origin) {
    return origin.getTag() instanceof Budget budget
        ? new Place(budget.ip(), budget.port())
        : origin.getAddress();
  }

  @Override
  protected void createConnection(Promise<Connection> promise) {
    slots.acquire(place, new Dial(this, promise), getHttpClient().getScheduler());
  }

  @Override
  public void failed(Throwable failure) {
    if (failure instanceof NotOpenedException) {
      // Who waits by now finds another connection, or asks for one again.
      send();
    } else {
      super.failed(failure);
    }
  }

  private void dial(Promise<Connection> promise) {
    super.createConnection(promise);
  }

  private boolean isServing() {
    return getConnectionPool() instanceof CurrentConnections pool && pool.isServing();
  }

  /** A connection that is to be opened. */
  private record Dial(BmcDestination to, Promise<Connection> promise) implements Slots.Opener {
    @Override
    public void open(Slot slot) {
      if (to.getQueuedRequestCount() > 0) {
        to.dial(new Held(promise, slot));
      } else {
        // While it waited, others have served those whom it was for.
        slot.close();
        promise.failed(new NotOpenedException());
      }
    }

    @Override
    public void refuse() {
      promise.failed(
          to.isServing()
              ? new NotOpenedException()
              : new RejectedExecutionException("the BMC bears no further connection"));
    }
  }

  /** Keeps the slot for as long as the connection is open, as a console's too. */
  private record Held(Promise<Connection> promise, Slot slot) implements Promise<Connection> {
    @Override
    public void succeeded(Connection opened) {
      org.eclipse.jetty.io.Connection lowest = lowest((HttpConnectionOverHTTP) opened);
      lowest.addEventListener(
          new org.eclipse.jetty.io.Connection.Listener() {
            @Override
            public void onClosed(org.eclipse.jetty.io.Connection closed) {
              slot.close();
            }
          });
      // It may have been closed before anybody listened.
      if (!lowest.getEndPoint().isOpen()) {
        slot.close();
      }
      promise.succeeded(opened);
    }

    @Override
    public void failed(Throwable failure) {
      slot.close();
      promise.failed(failure);
    }

    /** What is on the network itself, and stays there when the protocol changes. */
    private static org.eclipse.jetty.io.Connection lowest(HttpConnectionOverHTTP opened) {
      return opened.getEndPoint() instanceof SslConnection.SslEndPoint tls
          ? tls.getSslConnection()
          : opened;
    }
  }
}
