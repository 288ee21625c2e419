package io.github.bmcgateway.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer has to be there within a time from the end of its request, however it
 * trickles in. (The idle timeout begins anew with every byte; it is what limits a body.) For one
 * exchange; safe for use by several threads.
 */
final class HeadDeadline {
  private static final Scheduler.Task NONE = () -> false;

  private final AtomicReference<Scheduler.@Nullable Task> task = new AtomicReference<>();

  private HeadDeadline() {}

  /** Has the exchange fail as one that timed out when its answer's head takes longer. */
  static Request set(Request request, Scheduler scheduler, Duration limit) {
    HeadDeadline deadline = new HeadDeadline();
    return request
        .onRequestSuccess(sent -> deadline.begin(sent, scheduler, limit))
        .onResponseHeaders(answer -> deadline.end())
        .onComplete(result -> deadline.end());
  }

  private void begin(Request request, Scheduler scheduler, Duration limit) {
    Scheduler.Task planned =
        scheduler.schedule(
            () -> request.abort(new TimeoutException("head of the answer")),
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    // The answer to a request may be there before its end is known to be sent.
    if (!task.compareAndSet(null, planned)) {
      planned.cancel();
    }
  }

  private void end() {
    Scheduler.Task planned = task.getAndSet(NONE);
    if (planned != null) {
      planned.cancel();
    }
  }
}
