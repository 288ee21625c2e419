package io.github.bmcgateway.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcSession;
import io.github.bmcgateway.target.BmcSessionKeeper;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The sessions at BMCs whose logins were seen. One is logged out when the last of the gateway's
 * sessions that used it has ended, but not while something is uploaded to its BMC, nor for {@link
 * #WRITING} after that: AMI's firmware lets nobody log in while it is being flashed, and is stuck
 * when who flashes it is logged out. Remembers at most {@link #MAX_PER_BMC} for each of {@link
 * #MAX_BMCS}, the latest ones. Safe for use by several threads; logouts are sent outside the lock.
 */
public final class BmcSessions implements BmcSessionKeeper {
  /** More than any BMC has places for. */
  static final int MAX_PER_BMC = 16;

  static final int MAX_BMCS = 20_000;

  /** How long a BMC may go on with what was uploaded to it. */
  static final Duration WRITING = Duration.ofMinutes(30);

  private final Function<BmcSession, ? extends CompletionStage<?>> logOut;
  private final Map<BmcPlace, AtBmc> all = new HashMap<>();
  private final Cache<BmcPlace, Boolean> writing;
  private final Map<Object, CompletableFuture<?>> sent = new ConcurrentHashMap<>();

  /** What is known of one BMC; guarded by the lock of all. */
  private static final class AtBmc {
    private final Deque<Known> sessions = new ArrayDeque<>();
    private int uploads;

    boolean isEmpty() {
      return sessions.isEmpty() && uploads == 0;
    }
  }

  /** A session at a BMC and who uses it. */
  private static final class Known {
    private final BmcSession session;
    private final Map<String, Optional<Registration>> users = new HashMap<>();

    Known(BmcSession session) {
      this.session = session;
    }

    List<Registration> registrations() {
      return users.values().stream().flatMap(Optional::stream).toList();
    }
  }

  /**
   * @param logOut ends a session at its BMC, as well as it can; doesn't block
   * @param ticker tells how long ago an upload was
   */
  public BmcSessions(Function<BmcSession, ? extends CompletionStage<?>> logOut, Ticker ticker) {
    this.logOut = logOut;
    this.writing =
        Caffeine.newBuilder()
            .maximumSize(MAX_BMCS)
            .expireAfterWrite(WRITING)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public void opened(LiveSession under, BmcSession session) {
    BmcPlace place = BmcPlace.of(session.bmc());
    Known known = new Known(session);
    synchronized (this) {
      if (all.size() >= MAX_BMCS && !all.containsKey(place)) {
        return;
      }
      AtBmc at = all.computeIfAbsent(place, key -> new AtBmc());
      at.sessions.removeIf(old -> isSame(old, session));
      if (at.sessions.size() >= MAX_PER_BMC) {
        forget(at.sessions.removeFirst());
      }
      at.sessions.add(known);
    }
    addUser(place, known, under);
  }

  private static boolean isSame(Known known, BmcSession session) {
    boolean same = known.session.values().equals(session.values());
    if (same) {
      forget(known);
    }
    return same;
  }

  private static void forget(Known known) {
    known.registrations().forEach(Registration::close);
  }

  @Override
  public void used(LiveSession under, Bmc bmc, Predicate<BmcSession> carries) {
    BmcPlace place = BmcPlace.of(bmc);
    List<Known> joined = new ArrayList<>();
    synchronized (this) {
      AtBmc at = all.get(place);
      if (at == null) {
        return;
      }
      at.sessions.stream()
          .filter(known -> !known.users.containsKey(under.id()) && carries.test(known.session))
          .forEach(joined::add);
    }
    joined.forEach(known -> addUser(place, known, under));
  }

  private void addUser(BmcPlace place, Known known, LiveSession under) {
    synchronized (this) {
      if (known.users.putIfAbsent(under.id(), Optional.empty()) != null) {
        return;
      }
    }
    Optional<Registration> registration =
        under.register(Kind.LOGIN, end -> left(place, known, under.id()));
    if (registration.isEmpty()) {
      left(place, known, under.id());
      return;
    }
    synchronized (this) {
      AtBmc at = all.get(place);
      if (at != null && at.sessions.contains(known) && known.users.containsKey(under.id())) {
        known.users.put(under.id(), registration);
        return;
      }
    }
    registration.get().close();
  }

  private void left(BmcPlace place, Known known, String user) {
    synchronized (this) {
      AtBmc at = all.get(place);
      known.users.remove(user);
      if (at == null || !known.users.isEmpty() || !at.sessions.remove(known)) {
        return;
      }
      dropIfEmpty(place, at);
      if (at.uploads > 0 || writing.getIfPresent(place) != null) {
        // Nobody could log in again to see it through; the BMC restarts, or ends it in time.
        return;
      }
    }
    send(known.session);
  }

  private void send(BmcSession session) {
    CompletableFuture<?> logout = logOut.apply(session).toCompletableFuture();
    Object key = new Object();
    sent.put(key, logout);
    logout.whenComplete((done, failure) -> sent.remove(key));
  }

  /** Waits for the logouts that are under way, at most for this time. */
  public void awaitSent(Duration atMost) {
    try {
      CompletableFuture.allOf(sent.values().toArray(new CompletableFuture<?>[0]))
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The BMCs end the sessions themselves in time.
    }
  }

  @Override
  public void closed(Bmc bmc, Predicate<BmcSession> ends) {
    BmcPlace place = BmcPlace.of(bmc);
    List<Registration> users = new ArrayList<>();
    synchronized (this) {
      AtBmc at = all.get(place);
      if (at == null) {
        return;
      }
      List<Known> over = at.sessions.stream().filter(known -> ends.test(known.session)).toList();
      at.sessions.removeAll(over);
      over.forEach(known -> users.addAll(known.registrations()));
      dropIfEmpty(place, at);
    }
    users.forEach(Registration::close);
  }

  @Override
  public Upload upload(Bmc bmc) {
    BmcPlace place = BmcPlace.of(bmc);
    synchronized (this) {
      all.computeIfAbsent(place, key -> new AtBmc()).uploads++;
    }
    AtomicBoolean over = new AtomicBoolean();
    return sent -> {
      if (over.compareAndSet(false, true)) {
        uploaded(place, sent);
      }
    };
  }

  private synchronized void uploaded(BmcPlace place, boolean sent) {
    if (sent) {
      writing.put(place, true);
    }
    AtBmc at = all.get(place);
    if (at != null && --at.uploads == 0) {
      dropIfEmpty(place, at);
    }
  }

  private void dropIfEmpty(BmcPlace place, AtBmc at) {
    if (at.isEmpty()) {
      all.remove(place);
    }
  }

  /** BMCs that something is known of. */
  synchronized int bmcs() {
    return all.size();
  }
}
