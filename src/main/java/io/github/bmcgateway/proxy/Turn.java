package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.BmcGate.Permit;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import io.github.bmcgateway.target.VendorProfile.ClientGone;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request from when it is ready to go until its exchange is over: it waits for a permit, goes
 * out, and gives permit and registration back whichever way it ends. Safe for use by several
 * threads.
 */
final class Turn implements AsyncListener {
  /** How long an answer is read that nobody waits for any more; some take that long. */
  private static final long DRAIN_SECONDS = 120;

  private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
  private static final String DRAINED_PATHS = "/redfish/";

  /** What a turn leads to. */
  interface Ways {
    /** Sends the request. */
    void send();

    /** Answers without the BMC, and discards what was kept for sending. */
    void refuse(Failure failure);
  }

  private enum State {
    WAITING,
    SENT,
    OVER
  }

  private final BmcRequest to;
  private final Request request;
  private final Scheduler scheduler;
  private final Ways ways;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final AtomicBoolean unwanted = new AtomicBoolean();
  private volatile @Nullable Registration registration;
  private volatile @Nullable Permit permit;
  private volatile @Nullable CompletableFuture<Permit> ticket;

  Turn(BmcRequest to, Request request, Scheduler scheduler, Ways ways) {
    this.to = to;
    this.request = request;
    this.scheduler = scheduler;
    this.ways = ways;
  }

  /** Sends the request as soon as its session and the BMC's limits permit. */
  void begin(BmcGate gate) {
    Optional<Registration> registered = to.session().register(Kind.REQUEST, this::end);
    if (registered.isEmpty()) {
      refuse(Failure.EXPIRED_TOKEN);
      return;
    }
    registration = registered.get();
    CompletableFuture<Permit> place = gate.request(to.bmc(), to.session().id());
    ticket = place;
    place.whenComplete(this::admitted);
    if (state.get() == State.OVER) {
      giveBack();
    }
  }

  /**
   * Has the exchange broken off when its browser leaves, which a container may tell in a request
   * attribute where it wouldn't by itself: Jetty tells a servlet only while that waits. Who resets
   * requests as soon as they are made would else leave them all to their BMC.
   *
   * @param threads break it off, since the container's own does more about it
   */
  void endsWith(HttpServletRequest browser, Executor threads) {
    GoneBrowser.watch(
        browser,
        cause -> {
          RequestAudit.of(browser).browserLeft();
          threads.execute(() -> browserGone(cause));
        });
  }

  /**
   * The answer is a stream of events: if the BMC bears it beside others, it gives its place to them
   * and may be silent for long. While it keeps that, its silence is bounded as any answer's: Jetty
   * doesn't notice that its browser has left before something is written.
   */
  void streams(BmcGate gate, Response response) {
    if (!(response.getRequest().getConnection() instanceof BmcConnection connection)) {
      return;
    }
    Optional<Permit> apart = to.gate(gate).stream(to.bmc());
    if (apart.isEmpty()) {
      return;
    }
    // First, or who gets the place would find no connection.
    connection.leavePool();
    Permit before = permit;
    permit = apart.get();
    if (before != null) {
      before.close();
    }
    if (state.get() == State.OVER) {
      giveBack();
    }
  }

  /** Whether the exchange goes on only for the BMC's sake: the browser has left. */
  boolean isUnwanted() {
    return unwanted.get();
  }

  /** Whether the exchange is to go on when the browser leaves. */
  boolean drains() {
    return to.bmc().profile().onClientGone() == ClientGone.DRAIN
        && RequestRules.pathOf(to.target()).startsWith(DRAINED_PATHS);
  }

  /** The browser has left. */
  void browserGone(Throwable cause) {
    if (state.compareAndSet(State.WAITING, State.OVER)) {
      giveBack();
      ways.refuse(Failure.BAD_REQUEST);
    } else if (!drains()) {
      request.abort(new BrowserGoneException(cause));
    } else if (state.get() == State.SENT && unwanted.compareAndSet(false, true)) {
      scheduler.schedule(
          () -> request.abort(new BrowserGoneException(cause)), DRAIN_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void admitted(@Nullable Permit given, @Nullable Throwable failure) {
    if (given == null) {
      refuse(failure instanceof RejectedExecutionException ? Failure.BUSY : Failure.BAD_REQUEST);
      return;
    }
    permit = given;
    if (!state.compareAndSet(State.WAITING, State.SENT)) {
      given.close();
      return;
    }
    request.onComplete(result -> over());
    try {
      ways.send();
    } catch (RuntimeException e) {
      LOG.warn("A request could not be sent", e);
      over();
      ways.refuse(Failure.INTERNAL);
    }
  }

  private void end(End reason) {
    FailureException failure = failureOf(reason);
    if (state.get() == State.WAITING) {
      refuse(failure.failure());
    }
    request.abort(failure);
  }

  static FailureException failureOf(End end) {
    return new FailureException(
        switch (end) {
          case EXPIRED -> Failure.EXPIRED_TOKEN;
          case LOGGED_OUT -> Failure.NO_SESSION;
          case REVOKED -> Failure.INVALID_TOKEN;
          case SHUTDOWN -> Failure.DRAINING;
        });
  }

  private void refuse(Failure failure) {
    if (state.compareAndSet(State.WAITING, State.OVER)) {
      giveBack();
      ways.refuse(failure);
    }
  }

  private void over() {
    state.set(State.OVER);
    giveBack();
  }

  private void giveBack() {
    CompletableFuture<Permit> place = ticket;
    if (place != null) {
      place.cancel(/* mayInterruptIfRunning= */ false);
    }
    Permit held = permit;
    if (held != null) {
      held.close();
    }
    Registration registered = registration;
    if (registered != null) {
      registered.close();
    }
  }

  @Override
  public void onError(AsyncEvent event) {
    Throwable cause = event.getThrowable();
    browserGone(cause != null ? cause : new EOFException("browser gone"));
  }

  @Override
  public void onComplete(AsyncEvent event) {
    // Answered while it waited, as a broken upload is: nothing is left to be sent.
    if (state.compareAndSet(State.WAITING, State.OVER)) {
      giveBack();
      ways.refuse(Failure.BAD_REQUEST);
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
