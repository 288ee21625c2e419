package io.github.bmcgateway.proxy;

import io.github.bmcgateway.proxy.tls.BmcConnector;
import io.github.bmcgateway.target.VendorProfile.Limits;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one BMC that are kept open, for requests of one kind. One that was made under
 * settings by which it would be made differently now is closed instead of being used again, and one
 * that is unused when another of that BMC needs its slot.
 */
@SuppressWarnings("try") // Jetty's connections are AutoCloseable, and closed by their pool.
final class CurrentConnections extends DuplexConnectionPool implements Slots.Pool {
  private final HttpDestination destination;
  private final int bears;
  private final Slots slots;
  private final Object place;
  private final Set<BmcConnection> kept = ConcurrentHashMap.newKeySet();

  CurrentConnections(Destination destination, int maxConnections, Limits limits, Slots slots) {
    super(destination, maxConnections);
    this.destination = (HttpDestination) destination;
    this.bears = limits.connections();
    this.slots = slots;
    this.place = BmcDestination.placeOf(destination.getOrigin());
    setMaxUsage(limits.requestsPerConnection());
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    slots.join(place, this);
  }

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    slots.leave(place, this);
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
    return connection instanceof BmcConnection bmc && BmcConnector.isOutdated(bmc.getEndPoint());
  }

  @Override
  protected void onCreated(Connection connection) {
    kept.add((BmcConnection) connection);
  }

  @Override
  protected void onRemoved(@Nullable Connection connection) {
    // The pool's end removes those, too, that aren't there yet.
    if (connection instanceof BmcConnection open) {
      kept.remove(open);
    }
  }

  @Override
  public boolean release(Connection connection) {
    boolean released = super.release(connection);
    if (released) {
      slots.spare(place);
    }
    return released;
  }

  /** Whether it has a connection, in use or not. */
  boolean isServing() {
    return !kept.isEmpty();
  }

  @Override
  public int bears() {
    return bears;
  }

  @Override
  public long unusedSince() {
    return unused().findFirst().map(BmcConnection::unusedSince).orElseGet(NanoTime::now);
  }

  @Override
  public boolean giveUp() {
    // What waits here would only have to open another one.
    return destination.getQueuedRequestCount() == 0 && unused().anyMatch(this::isGivenUp);
  }

  private Stream<BmcConnection> unused() {
    long now = NanoTime.now();
    return kept.stream()
        .filter(connection -> !isActive(connection))
        .sorted(Comparator.comparingLong(connection -> connection.unusedSince() - now));
  }

  private boolean isGivenUp(BmcConnection connection) {
    // Fails where it is taken into use meanwhile; then it is closed after that.
    boolean removed = remove(connection);
    if (removed) {
      connection.close();
    }
    return removed;
  }
}
