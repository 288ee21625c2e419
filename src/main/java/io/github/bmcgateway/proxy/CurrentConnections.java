package io.github.bmcgateway.proxy;

import io.github.bmcgateway.proxy.tls.BmcConnector;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one BMC that are kept open. One that was made under settings by which it would
 * be made differently now is closed instead of being used again.
 */
@SuppressWarnings("try") // Jetty's connections are AutoCloseable, and closed by their pool.
final class CurrentConnections extends DuplexConnectionPool {
  CurrentConnections(Destination destination, int maxConnections) {
    super(destination, maxConnections);
  }

  @Override
  protected @Nullable Connection activate() {
    Connection found = super.activate();
    while (found != null && isOutdated(found)) {
      if (remove(found)) {
        found.close();
      }
      found = super.activate();
    }
    return found;
  }

  private static boolean isOutdated(Connection connection) {
    return connection instanceof HttpConnectionOverHTTP http
        && BmcConnector.isOutdated(http.getEndPoint());
  }
}
