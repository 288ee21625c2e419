package io.github.bmcgateway.sim.asrockrack;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The small pool of web sessions: each has a cookie that scripts can't read and a token that they
 * must send back. A session that is idle for 1800 s makes room. Thread-safe.
 */
final class WebSessions {

  static final String COOKIE = "QSESSIONID";

  private static final Duration IDLE = Duration.ofSeconds(1800);
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** One login. */
  record Session(int id, String cookie, String token, String address) {}

  private final AsrockrackOptions options;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<Session, Instant> live = new LinkedHashMap<>();
  private int issued = 9;

  WebSessions(AsrockrackOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  boolean isRight(String user, String password) {
    return user.equals(options.user()) && password.equals(options.password());
  }

  /** A new session; none when the pool is full. */
  synchronized Optional<Session> open(String address) {
    live.values().removeIf(used -> used.plus(IDLE).isBefore(clock.instant()));
    if (live.size() >= options.sessionPool()) {
      return Optional.empty();
    }
    issued++;
    Session session = new Session(issued, letters(30), letters(8), address);
    live.put(session, clock.instant());
    return Optional.of(session);
  }

  /** The session of cookie and token. */
  Optional<Session> of(WireRequest request) {
    return byCookie(request)
        .filter(
            session -> request.header("X-CSRFTOKEN").filter(session.token()::equals).isPresent());
  }

  /** The session of the cookie alone. */
  synchronized Optional<Session> byCookie(WireRequest request) {
    Optional<String> cookie = cookie(request.recorded().values("Cookie"));
    Optional<Session> found =
        live.keySet().stream()
            .filter(session -> cookie.filter(session.cookie()::equals).isPresent())
            .findFirst();
    found.ifPresent(session -> live.put(session, clock.instant()));
    return found;
  }

  /** What AMI's lookup takes for the session: what follows the first piece that holds the name. */
  private Optional<String> cookie(List<String> lines) {
    if (options.has(Quirk.COOKIE_LINES_APART)
        && lines.stream().anyMatch(line -> !line.contains(COOKIE))) {
      return Optional.empty();
    }
    String[] pieces = String.join("; ", lines).split("[;=]");
    for (int i = 0; i + 1 < pieces.length; i++) {
      if (pieces[i].contains(COOKIE)) {
        return Optional.of(pieces[i + 1].trim());
      }
    }
    return Optional.empty();
  }

  synchronized void close(Session session) {
    live.remove(session);
  }

  synchronized void closeAll() {
    live.clear();
  }

  synchronized List<Session> all() {
    return List.copyOf(live.keySet());
  }

  synchronized int count() {
    return live.size();
  }

  /** Random letters and digits. */
  String letters(int count) {
    StringBuilder text = new StringBuilder();
    random.ints(count, 0, LETTERS.length()).forEach(i -> text.append(LETTERS.charAt(i)));
    return text.toString();
  }
}
