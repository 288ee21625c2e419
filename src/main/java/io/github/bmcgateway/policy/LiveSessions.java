package io.github.bmcgateway.policy;

import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import io.github.bmcgateway.target.LiveSession.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs under which session. Consoles end at their session's expiry, requests 15 minutes later,
 * both at logout, at a revocation and at shutdown. Holds only what runs: a session without work
 * costs nothing. Safe for use by several threads; work is ended outside the lock.
 */
public final class LiveSessions {
  /** How long a running request may go on after its session's expiry. */
  public static final Duration REQUEST_GRACE = Duration.ofMinutes(15);

  /** The clock may be set while the alarm waits: look again at least this often. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Learns of the ends of sessions. */
  @FunctionalInterface
  public interface Ends {
    /** A session was ended; doesn't wait. */
    void ended(SessionFacts session, End reason);
  }

  private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);

  private final EndedSessions ended;
  private final Revocations revocations;
  private final Ends ends;
  private final Clock clock;
  private final ScheduledExecutorService scheduler;
  private final Map<String, Set<Item>> running = new HashMap<>();
  private Instant alarmAt = Instant.MAX;
  private @Nullable ScheduledFuture<?> alarm;
  private boolean shutDown;

  /**
   * An empty register.
   *
   * @param ended learns of logouts, and is asked before work begins
   * @param revocations asked before work begins, and by {@link #endRevoked()}
   * @param ends learns of sessions that are ended with work running under them, logouts excepted
   * @param scheduler runs the expiry; the caller shuts it down after {@link #shutDown()}
   */
  public LiveSessions(
      EndedSessions ended,
      Revocations revocations,
      Ends ends,
      Clock clock,
      ScheduledExecutorService scheduler) {
    this.ended = ended;
    this.revocations = revocations;
    this.ends = ends;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /**
   * The session of a token.
   *
   * @param id identifies the token
   * @param expires when it expires
   * @param facts what revocations go by
   */
  public LiveSession session(String id, Instant expires, SessionFacts facts) {
    return new Session(id, expires, facts);
  }

  /** Ends a session for good: its work is cut now, and nothing begins under it any more. */
  public void logOut(String id, Instant expires) {
    List<Item> cut;
    synchronized (this) {
      ended.end(id, expires);
      Set<Item> items = running.remove(id);
      cut = items == null ? List.of() : List.copyOf(items);
    }
    end(cut, End.LOGGED_OUT);
  }

  /** Cuts the work of a session that was ended elsewhere, once {@link EndedSessions} knows so. */
  public void cutEnded(String id) {
    List<Item> cut;
    synchronized (this) {
      Set<Item> items = running.remove(id);
      cut = items == null ? List.of() : List.copyOf(items);
    }
    end(cut, End.LOGGED_OUT);
  }

  /**
   * Ends what runs under revoked tokens.
   *
   * @return how much was ended
   */
  public int endRevoked() {
    List<Item> cut;
    synchronized (this) {
      cut = take(this::isRevoked);
    }
    end(cut, End.REVOKED);
    return cut.size();
  }

  private boolean isRevoked(Item item) {
    return item.facts.stream().anyMatch(revocations::isRevoked);
  }

  /**
   * Moves a session's running work to the session that follows it in the same browser, to end at
   * the later of the two expiries. Browsers that share a token share its session, and move
   * together; that is why what was moved still ends with the token that it began under, when that
   * is revoked.
   */
  public synchronized void move(String from, String to, Instant expires, SessionFacts facts) {
    if (from.equals(to)
        || !running.containsKey(from)
        || ended.isEnded(to, expires)
        || revocations.isRevoked(facts)) {
      return;
    }
    Set<Item> items = running.remove(from);
    for (Item item : items) {
      item.session = to;
      item.facts.add(facts);
      item.expires = item.expires.isAfter(expires) ? item.expires : expires;
    }
    running.computeIfAbsent(to, id -> new LinkedHashSet<>()).addAll(items);
  }

  /** Ends everything, and lets nothing begin any more. */
  public void shutDown() {
    List<Item> cut;
    synchronized (this) {
      shutDown = true;
      cut = take(item -> true);
    }
    end(cut, End.SHUTDOWN);
  }

  /** Whether anything runs under any session that a shutdown should wait for. */
  public synchronized boolean isBusy() {
    return running.values().stream().flatMap(Set::stream).anyMatch(item -> item.kind != Kind.LOGIN);
  }

  /** Sessions under which anything runs. */
  public synchronized int busy() {
    return running.size();
  }

  private synchronized Optional<Registration> register(Item item) {
    boolean over = !clock.instant().isBefore(item.expires);
    if (shutDown || over || ended.isEnded(item.session, item.expires) || isRevoked(item)) {
      return Optional.empty();
    }
    running.computeIfAbsent(item.session, id -> new LinkedHashSet<>()).add(item);
    setAlarm(item.deadline());
    return Optional.of(() -> remove(item));
  }

  private synchronized int running(String session, Kind kind) {
    Set<Item> items = running.getOrDefault(session, Set.of());
    return Math.toIntExact(items.stream().filter(item -> item.kind == kind).count());
  }

  private synchronized void remove(Item item) {
    Set<Item> items = running.get(item.session);
    if (items != null && items.remove(item) && items.isEmpty()) {
      running.remove(item.session);
    }
  }

  private void onAlarm() {
    List<Item> due;
    synchronized (this) {
      Instant now = clock.instant();
      due = take(item -> !item.deadline().isAfter(now));
      alarmAt = Instant.MAX;
      running.values().stream()
          .flatMap(Set::stream)
          .map(Item::deadline)
          .min(Comparator.naturalOrder())
          .ifPresent(this::setAlarm);
    }
    end(due, End.EXPIRED);
  }

  /** Wakes up at the deadline, unless an earlier alarm is set: that one sets the next. */
  private void setAlarm(Instant deadline) {
    if (!deadline.isBefore(alarmAt)) {
      return;
    }
    if (alarm != null) {
      alarm.cancel(/* mayInterruptIfRunning= */ false);
    }
    Duration wait = Duration.between(clock.instant(), deadline);
    Duration bounded = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    alarmAt = deadline;
    alarm = scheduler.schedule(this::onAlarm, bounded.toNanos(), TimeUnit.NANOSECONDS);
  }

  private List<Item> take(Predicate<Item> which) {
    List<Item> taken = new ArrayList<>();
    for (Set<Item> items : running.values()) {
      items.stream().filter(which).forEach(taken::add);
    }
    taken.forEach(this::remove);
    return taken;
  }

  private void end(List<Item> items, End reason) {
    tellOf(items, reason);
    for (Item item : items) {
      try {
        item.work.end(reason);
      } catch (RuntimeException e) {
        LOG.warn("Work of kind {} could not be ended: {}", item.kind, reason, e);
      }
    }
  }

  /** A request that is cut some time after the expiry doesn't end its session again. */
  private void tellOf(List<Item> items, End reason) {
    Map<String, SessionFacts> sessions = new HashMap<>();
    for (Item item : items) {
      if (reason != End.LOGGED_OUT && !(reason == End.EXPIRED && item.kind == Kind.REQUEST)) {
        sessions.put(item.session, item.facts.get(item.facts.size() - 1));
      }
    }
    sessions.values().forEach(session -> ends.ended(session, reason));
  }

  private final class Session implements LiveSession {
    private final String id;
    private final Instant expires;
    private final SessionFacts facts;

    Session(String id, Instant expires, SessionFacts facts) {
      this.id = id;
      this.expires = expires;
      this.facts = facts;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Optional<Registration> register(Kind kind, Work work) {
      return LiveSessions.this.register(new Item(kind, work, id, expires, facts));
    }

    @Override
    public int running(Kind kind) {
      return LiveSessions.this.running(id, kind);
    }
  }

  /** One piece of running work; compared by identity, guarded by the register's lock. */
  private static final class Item {
    private final Kind kind;
    private final Work work;
    private final List<SessionFacts> facts = new ArrayList<>();
    private String session;
    private Instant expires;

    Item(Kind kind, Work work, String session, Instant expires, SessionFacts facts) {
      this.facts.add(facts);
      this.kind = kind;
      this.work = work;
      this.session = session;
      this.expires = expires;
    }

    Instant deadline() {
      return kind == Kind.REQUEST ? expires.plus(REQUEST_GRACE) : expires;
    }
  }
}
