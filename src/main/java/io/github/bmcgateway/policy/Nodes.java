package io.github.bmcgateway.policy;

import io.github.bmcgateway.config.RedisAddress;
import io.github.bmcgateway.policy.NodeNews.Ended;
import io.github.bmcgateway.policy.NodeNews.Revoked;
import io.github.bmcgateway.policy.SharedMemory.Told;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node shares with the gateway's other nodes through one server: used one-time links,
 * revocations and logouts. Each node holds all of the latter two in its own memory, and asks the
 * server several times a second for what is new.
 *
 * <p>While the server can't be reached, what is known stays in force, one-time links open nothing,
 * and what happens here is told once it answers again. A server that has lost its memory is told
 * everything anew. Safe for use by several threads; one of its own does all the talking.
 */
public final class Nodes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);
  private static final long INTERVAL_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration START_PATIENCE = Duration.ofSeconds(3);

  /** By which the server's clock may be ahead. */
  private static final Duration MARGIN = Duration.ofHours(1);

  private final SharedMemory memory;
  private final SharedUses uses;
  private final RememberedEnds ends;
  private final Revocations revocations;
  private final Supplier<Duration> retention;
  private final RevocationJson json;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Nodes::daemon);
  private final Queue<Outgoing> outgoing = new ConcurrentLinkedQueue<>();
  private Consumer<Revocation> revoke = revocation -> {};
  private Consumer<String> cut = id -> {};
  private long last;
  private boolean untold;
  private volatile boolean begun;
  private volatile boolean reachable;
  private boolean alarmed;

  /** News on their way, and whether they got there. */
  private record Outgoing(NodeNews news, CompletableFuture<Boolean> told) {
    Outgoing(NodeNews news) {
      this(news, new CompletableFuture<>());
    }
  }

  /**
   * Nothing is asked yet.
   *
   * @param ends this node's memory of logouts
   * @param revocations this node's memory of revocations
   * @param retention the longest time from a token's issue to its expiry, as it is set now
   */
  public Nodes(
      RedisAddress at,
      RememberedEnds ends,
      Revocations revocations,
      Supplier<Duration> retention,
      Clock clock) {
    this.memory = new SharedMemory(at);
    this.uses = new SharedUses(memory, clock);
    this.ends = ends;
    this.revocations = revocations;
    this.retention = retention;
    this.json = new RevocationJson(clock);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "bmc-gateway-nodes");
    thread.setDaemon(true);
    return thread;
  }

  /** The links that any node has seen used. */
  public UsedLinks uses() {
    return uses;
  }

  /** The logouts at any node; one that is added is told to the others. */
  public EndedSessions ends() {
    return new EndedSessions() {
      @Override
      public void end(String id, Instant expires) {
        ends.end(id, expires);
        send(new Outgoing(new Ended(id, expires)));
      }

      @Override
      public boolean isEnded(String id, Instant expires) {
        return ends.isEnded(id, expires);
      }
    };
  }

  /**
   * Learns what the others know, waiting a few seconds for it, and from then on what comes.
   *
   * @param revoke puts a revocation in force; takes one that is in force already as well
   * @param cut cuts what runs under a session that {@link #ends()} calls ended by now
   */
  public void start(Consumer<Revocation> revoke, Consumer<String> cut) {
    this.revoke = revoke;
    this.cut = cut;
    CompletableFuture<Void> first = CompletableFuture.runAsync(this::round, thread);
    thread.scheduleWithFixedDelay(
        this::round, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    await(first, START_PATIENCE);
  }

  /** Whether the server answered when it was last asked. */
  public boolean reachable() {
    return reachable;
  }

  /** What this node lacks to know what the others know, if it never did. */
  public Optional<String> missing() {
    return begun ? Optional.empty() : Optional.of("the revocations of the other nodes");
  }

  /**
   * Tells the other nodes of a revocation, and waits for a second at most.
   *
   * @return whether they can learn of it now; else they will when the server answers again
   */
  public boolean tell(Revocation revocation) {
    Outgoing each = new Outgoing(new Revoked(revocation));
    send(each);
    return await(each.told(), PATIENCE).orElse(false);
  }

  /** The same, without waiting. */
  public void tellLater(Revocation revocation) {
    send(new Outgoing(new Revoked(revocation)));
  }

  private void send(Outgoing each) {
    outgoing.add(each);
    try {
      thread.execute(this::sendNow);
    } catch (RejectedExecutionException e) {
      // Shut down: nobody waits for it any more.
      each.told().complete(false);
    }
  }

  /** What was sent with something else before needs no round of its own. */
  private void sendNow() {
    if (!outgoing.isEmpty()) {
      round();
    }
  }

  private static <T> Optional<T> await(CompletableFuture<T> what, Duration patience) {
    try {
      return Optional.ofNullable(what.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The other nodes weren't told in time", e);
    }
    return Optional.empty();
  }

  /** Tells what is to be told and learns what is new; never throws. */
  private void round() {
    List<Outgoing> sending = new ArrayList<>();
    for (Outgoing each = outgoing.poll(); each != null; each = outgoing.poll()) {
      sending.add(each);
    }
    try {
      untold |= memory.tell(texts(sending.stream().map(Outgoing::news).toList()));
      sending.forEach(each -> each.told().complete(true));
      learn();
      if (untold) {
        memory.tell(texts(known()));
        untold = false;
      }
      answers();
    } catch (RuntimeException e) {
      untold = true;
      sending.forEach(each -> each.told().complete(false));
      failed(e);
    }
  }

  private void learn() {
    if (memory.latest() < last) {
      // It has lost what this node knows of.
      last = 0;
      untold = true;
    }
    for (List<Told> next = memory.after(last); !next.isEmpty(); next = memory.after(last)) {
      next.forEach(this::learn);
      last = next.get(next.size() - 1).number();
    }
  }

  private void learn(Told told) {
    try {
      NodeNews news = NodeNews.parse(told.text(), json);
      if (news instanceof Ended ended) {
        ends.end(ended.id(), ended.expires());
        cut.accept(ended.id());
      } else if (news instanceof Revoked revoked) {
        revoke.accept(revoked.revocation());
      }
    } catch (InvalidRevocationException e) {
      LOG.error("Entry {} of shared.redis counts for nothing: {}", told.number(), e.why());
    }
  }

  private List<NodeNews> known() {
    List<NodeNews> known = new ArrayList<>();
    revocations.current().forEach(each -> known.add(new Revoked(each)));
    ends.current().forEach((id, expires) -> known.add(new Ended(id, expires)));
    return known;
  }

  private Map<String, Instant> texts(List<NodeNews> news) {
    Map<String, Instant> texts = new LinkedHashMap<>();
    news.forEach(each -> texts.put(each.text(), expiry(each).plus(MARGIN)));
    return texts;
  }

  private Instant expiry(NodeNews news) {
    if (news instanceof Revoked revoked) {
      return revoked.revocation().before().plus(retention.get());
    }
    return news instanceof Ended ended ? ended.expires() : Instant.MIN;
  }

  private void answers() {
    begun = true;
    reachable = true;
    if (alarmed) {
      LOG.warn("The server of shared.redis answers again; the nodes agree");
      alarmed = false;
    }
  }

  /** Once for each trouble: it is tried again several times a second. */
  private void failed(RuntimeException failure) {
    reachable = false;
    if (!alarmed && !thread.isShutdown()) {
      LOG.error(
          "The server of shared.redis doesn't answer: links that work once are refused, and what"
              + " other nodes revoke isn't learnt; what is known stays in force: {}",
          NoAnswer.reason(failure));
      alarmed = true;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    uses.close();
    memory.close();
  }
}
