package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.Budget;
import io.github.bmcgateway.target.VendorProfile.Limits;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/** Connects to BMCs, within what each of them bears. */
final class BmcTransport extends HttpClientTransportOverHTTP {
  /** As long as a connection may take to be opened by default. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final long idleMillis;
  private final Replay replay;
  private final Slots slots = new Slots(PATIENCE);

  /**
   * @param idleMillis for how long a connection may be unused, unless requests say it of their BMC
   * @param replay sends requests once more
   */
  BmcTransport(ClientConnector connector, long idleMillis, Replay replay) {
    super(connector);
    this.idleMillis = idleMillis;
    this.replay = replay;
  }

  @Override
  public Destination newDestination(Origin origin) {
    return new BmcDestination(getHttpClient(), origin, slots);
  }

  /** A pool of connections that give way to others of the same BMC. */
  CurrentConnections newPool(Destination to, int maxConnections) {
    return new CurrentConnections(to, maxConnections, limits(to), slots);
  }

  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
    return customize(new BmcConnection(endPoint, context, replay, idleMillis), context);
  }

  /** What the BMC there bears, as far as its requests say. */
  static Limits limits(Destination to) {
    return to.getOrigin().getTag() instanceof Budget budget ? budget.limits() : Limits.UNKNOWN;
  }
}
