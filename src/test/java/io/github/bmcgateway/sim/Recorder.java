package io.github.bmcgateway.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Everything a simulated BMC was sent, and every rule that was broken in sending it.
 *
 * <p>Lists are in order of arrival. The {@code await} methods return as soon as their condition
 * holds and fail after {@link #PATIENCE}. Thread-safe.
 */
public final class Recorder {

  /** How long the {@code await} methods wait before they fail. */
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  private final List<RecordedRequest> requests = new ArrayList<>();
  private final List<RecordedSocket> sockets = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private int connections;
  private int peakConnections;

  /** Creates an empty record. */
  public Recorder() {}

  /** Every request, upgrades included. */
  public synchronized List<RecordedRequest> requests() {
    return List.copyOf(requests);
  }

  /** The requests to one path, whatever their query. */
  public List<RecordedRequest> requests(String path) {
    return requests().stream().filter(request -> request.path().equals(path)).toList();
  }

  /** Every WebSocket that was accepted. */
  public synchronized List<RecordedSocket> sockets() {
    return List.copyOf(sockets);
  }

  /**
   * What no gateway may send to a BMC but was seen here, one sentence each; empty when all is well.
   */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** HTTP connections open now; WebSockets don't count. */
  public synchronized int connections() {
    return connections;
  }

  /** The most HTTP connections that were open at one time. */
  public synchronized int peakConnections() {
    return peakConnections;
  }

  /** Forgets requests, sockets and violations seen so far; open sockets go on unrecorded. */
  public synchronized void clear() {
    requests.clear();
    sockets.clear();
    violations.clear();
    peakConnections = connections;
  }

  /** Waits for a request, past or to come, that fits. */
  public RecordedRequest awaitRequest(Predicate<RecordedRequest> fits) {
    return await("a request", () -> requests().stream().filter(fits).findFirst());
  }

  /** Waits for a WebSocket, past or to come, that fits. */
  public RecordedSocket awaitSocket(Predicate<RecordedSocket> fits) {
    return await("a socket", () -> sockets().stream().filter(fits).findFirst());
  }

  private <T> T await(String what, Supplier<Optional<T>> look) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      pause();
    }
    throw new AssertionError(
        "No such %s within %s. Requests: %s. Sockets: %s. Violations: %s"
            .formatted(what, PATIENCE, requests(), sockets(), violations()));
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }

  /** Adds a request that has just arrived. */
  public synchronized void request(RecordedRequest request) {
    requests.add(request);
  }

  /** Adds a WebSocket that was just accepted. */
  public synchronized void socket(RecordedSocket socket) {
    sockets.add(socket);
  }

  /** Adds a broken rule. */
  public synchronized void violation(String violation) {
    violations.add(violation);
  }

  /** One HTTP connection more; returns how many are open now. */
  public synchronized int connectionOpened() {
    connections++;
    peakConnections = Math.max(peakConnections, connections);
    return connections;
  }

  /** One HTTP connection less: closed, or become a WebSocket. */
  public synchronized void connectionClosed() {
    connections--;
  }
}
