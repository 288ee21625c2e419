package io.github.bmcgateway.proxy;

import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.cache.Flight;
import io.github.bmcgateway.cache.Flight.Outcome;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits while somebody else fetches its asset, without holding a thread. Ends with
 * that fetch, with its session, when its browser leaves, or when the fetch gets stuck; then the
 * request is dispatched anew. Safe for use by several threads.
 */
final class AssetWait implements AsyncListener {
  private static final long LOOK_MILLIS = 250;

  private final HttpServletRequest browser;
  private final HttpServletResponse answer;
  private final AssetRequest request;
  private final Flight flight;
  private final AssetCache cache;
  private final Scheduler scheduler;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Registration registration;

  AssetWait(
      HttpServletRequest browser,
      HttpServletResponse answer,
      AssetRequest request,
      Flight flight,
      AssetCache cache,
      Scheduler scheduler) {
    this.browser = browser;
    this.answer = answer;
    this.request = request;
    this.flight = flight;
    this.cache = cache;
    this.scheduler = scheduler;
  }

  /** Begins to wait. */
  void begin(LiveSession session) {
    AsyncContext async = browser.startAsync();
    async.setTimeout(0);
    async.addListener(this);
    Optional<Registration> registered = session.register(Kind.REQUEST, this::end);
    if (registered.isEmpty()) {
      leave(Failure.EXPIRED_TOKEN);
      return;
    }
    registration = registered.get();
    if (over.get()) {
      registered.get().close();
      return;
    }
    flight.outcome().whenComplete((outcome, none) -> goOn(outcome));
    look();
  }

  private void look() {
    if (over.get()) {
      return;
    }
    if (flight.isSlow()) {
      cache.overtake(flight);
      goOn(Outcome.ABANDONED);
      return;
    }
    scheduler.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void goOn(Outcome outcome) {
    if (isOver()) {
      request.waited(outcome);
      browser.getAsyncContext().dispatch();
    }
  }

  private void end(End reason) {
    leave(Turn.failureOf(reason).failure());
  }

  private void leave(Failure failure) {
    if (isOver()) {
      Refusals.send(browser, answer, failure);
    }
  }

  /** True for the first who says so. */
  private boolean isOver() {
    if (!over.compareAndSet(false, true)) {
      return false;
    }
    Registration registered = registration;
    if (registered != null) {
      registered.close();
    }
    return true;
  }

  @Override
  public void onError(AsyncEvent event) {
    leave(Failure.BAD_REQUEST);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    isOver();
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
