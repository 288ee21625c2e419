package io.github.bmcgateway.target;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Stands before every connection to a BMC and keeps their number within what the BMC bears. Safe
 * for use by several threads; no method blocks.
 */
public interface BmcGate {
  /** Bounds nothing. */
  BmcGate OPEN =
      new BmcGate() {
        @Override
        public CompletableFuture<Permit> request(Bmc bmc, String session) {
          return CompletableFuture.completedFuture(() -> {});
        }

        @Override
        public Optional<Permit> socket(Bmc bmc) {
          return Optional.of(() -> {});
        }
      };

  /**
   * Asks for a place for one exchange.
   *
   * @param session for whom; places are shared out evenly among the sessions that wait
   * @return the permit, now or later. It fails with a {@link
   *     java.util.concurrent.RejectedExecutionException} when too many wait already or none came
   *     free in time. Who no longer wants it cancels it
   */
  CompletableFuture<Permit> request(Bmc bmc, String session);

  /**
   * Asks for a place for one socket, which doesn't wait.
   *
   * @return empty when the BMC bears no further one
   */
  Optional<Permit> socket(Bmc bmc);

  /**
   * Asks for a place for one stream of events, which doesn't wait. Such a stream lasts as long as
   * its page is open.
   *
   * @return empty when there is none; the stream then keeps its place for an exchange
   */
  default Optional<Permit> stream(Bmc bmc) {
    return socket(bmc);
  }

  /** A place, held until it is closed; closing is idempotent. */
  @FunctionalInterface
  interface Permit extends AutoCloseable {
    @Override
    void close();
  }
}
