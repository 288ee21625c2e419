package io.github.bmcgateway.entry;

import io.github.bmcgateway.policy.UsedLinks;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Used links as other nodes keep them: the answer comes later, or not at all. */
final class SlowUses implements UsedLinks {
  private final UsedLinks marks;

  final AtomicInteger asked = new AtomicInteger();

  /** What has to happen before an answer comes. */
  volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  SlowUses(UsedLinks marks) {
    this.marks = marks;
  }

  @Override
  public CompletionStage<State> use(String id, Instant expires) {
    asked.incrementAndGet();
    return gate.thenCompose(open -> marks.use(id, expires));
  }

  @Override
  public CompletionStage<State> look(String id) {
    asked.incrementAndGet();
    return gate.thenCompose(open -> marks.look(id));
  }
}
