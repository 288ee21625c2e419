package io.github.bmcgateway.sim.ilo5;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions of one unit. Each has one key, the same as cookie, token and form field. A session
 * that is idle for 30 minutes makes room. Thread-safe.
 */
final class Ilo5Sessions {

  static final String COOKIE = "sessionKey";

  private static final int KEY_LENGTH = 32;
  private static final Duration IDLE = Duration.ofMinutes(30);

  /** A login's outcome. */
  sealed interface Outcome {}

  /** The new session: its name in Redfish and its key. */
  record Session(String id, String key) implements Outcome {}

  /** Wrong user or password, or too soon after such a one. */
  record Refused() implements Outcome {}

  /** No session is free. */
  record Full() implements Outcome {}

  private static final class Use {
    private final List<Runnable> atEnd = new ArrayList<>();
    private Instant last;

    Use(Instant last) {
      this.last = last;
    }
  }

  private final Ilo5Options options;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<Session, Use> live = new LinkedHashMap<>();
  private final Set<String> issued = new HashSet<>();
  private int failures;
  private Instant delayedUntil = Instant.MIN;

  Ilo5Sessions(Ilo5Options options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  synchronized Outcome login(String user, String password) {
    if (loginDelaySeconds() > 0) {
      return new Refused();
    }
    if (!user.equals(options.user()) || !password.equals(options.password())) {
      failed();
      return new Refused();
    }
    failures = 0;
    Instant oldest = clock.instant().minus(IDLE);
    List.copyOf(live.keySet()).stream()
        .filter(session -> live.get(session).last.isBefore(oldest))
        .forEach(this::logout);
    if (live.size() >= options.sessionPool()) {
      return new Full();
    }
    Session session = new Session(user + hex(12), hex(KEY_LENGTH / 2));
    live.put(session, new Use(clock.instant()));
    issued.add(session.key());
    return session;
  }

  private void failed() {
    failures++;
    if (options.failuresBeforeDelay() > 0 && failures >= options.failuresBeforeDelay()) {
      delayedUntil = clock.instant().plus(options.loginDelay());
    }
  }

  /** Seconds until the next login is looked at; 0 for at once. */
  synchronized long loginDelaySeconds() {
    Instant now = clock.instant();
    return delayedUntil.isAfter(now)
        ? (Duration.between(now, delayedUntil).toMillis() + 999) / 1000
        : 0;
  }

  /** The live session of a key, which counts as used by that. */
  synchronized Optional<Session> find(String key) {
    String compared = compared(key);
    Optional<Session> found =
        live.keySet().stream().filter(session -> session.key().equals(compared)).findFirst();
    found.ifPresent(session -> live.get(session).last = clock.instant());
    return found;
  }

  /** Whether a key has the form of one but was never given out by this unit. */
  synchronized boolean isForeign(String key) {
    return key.matches("[0-9a-f]{32}.*") && !issued.contains(key.substring(0, KEY_LENGTH));
  }

  private String compared(String key) {
    boolean cut = options.has(Ilo5Quirk.KEY_PREFIX) && key.length() > KEY_LENGTH;
    return cut ? key.substring(0, KEY_LENGTH) : key;
  }

  /** Whether a value of {@code Authorization} is the account's name and password. */
  boolean isBasic(String authorization) {
    String pair = options.user() + ":" + options.password();
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return authorization.equals("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  /** The session of a name in Redfish. */
  synchronized Optional<Session> named(String id) {
    return live.keySet().stream().filter(session -> session.id().equals(id)).findFirst();
  }

  synchronized List<Session> all() {
    return List.copyOf(live.keySet());
  }

  /** Runs a task when a session ends; at once if it has. */
  void atEnd(Session session, Runnable task) {
    synchronized (this) {
      Use use = live.get(session);
      if (use != null) {
        use.atEnd.add(task);
        return;
      }
    }
    task.run();
  }

  void logout(Session session) {
    List<Runnable> tasks;
    synchronized (this) {
      Use use = live.remove(session);
      tasks = use == null ? List.of() : List.copyOf(use.atEnd);
    }
    tasks.forEach(Runnable::run);
  }

  void logoutAll() {
    all().forEach(this::logout);
  }

  private String hex(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
