package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The small pool of web sessions of one unit: each has a cookie that scripts can't read and a token
 * that they must send back. A session that is idle for 300 s makes room. Thread-safe.
 */
final class WebSessions {

  static final String COOKIE = "-http-session-";

  private static final Duration IDLE = Duration.ofSeconds(300);

  /** A login's outcome. */
  sealed interface Outcome {}

  /** The new session. */
  record Granted(int id, String cookie, String token) implements Outcome {}

  /** Wrong user or password. */
  record Refused() implements Outcome {}

  /** No session is free. */
  record Full() implements Outcome {}

  private final String user;
  private final String password;
  private final int capacity;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<Granted, Instant> live = new LinkedHashMap<>();
  private int issued;

  WebSessions(String user, String password, int capacity, Clock clock) {
    this.user = user;
    this.password = password;
    this.capacity = capacity;
    this.clock = clock;
  }

  synchronized Outcome login(String givenUser, String givenPassword) {
    if (!givenUser.equals(user) || !givenPassword.equals(password)) {
      return new Refused();
    }
    live.values().removeIf(used -> used.plus(IDLE).isBefore(clock.instant()));
    if (live.size() >= capacity) {
      return new Full();
    }
    issued++;
    Granted granted = new Granted(issued, issued + "::http.session::" + hex(), hex());
    live.put(granted, clock.instant());
    return granted;
  }

  /** The session that a request belongs to: by cookie and token, or by a Redfish token alone. */
  synchronized Optional<Granted> of(Exchange exchange) {
    Optional<String> cookie = exchange.cookie(COOKIE);
    Optional<String> xsrf = exchange.header("XSRF-TOKEN");
    Optional<String> auth = exchange.header("X-AUTH-TOKEN");
    Optional<Granted> found =
        live.keySet().stream()
            .filter(
                session ->
                    auth.filter(session.token()::equals).isPresent()
                        || (cookie.filter(session.cookie()::equals).isPresent()
                            && xsrf.filter(session.token()::equals).isPresent()))
            .findFirst();
    found.ifPresent(session -> live.put(session, clock.instant()));
    return found;
  }

  /** Whether the request's cookie is that of a session; enough for pictures. */
  synchronized boolean hasCookie(Exchange exchange) {
    return exchange
        .cookie(COOKIE)
        .filter(cookie -> live.keySet().stream().anyMatch(s -> s.cookie().equals(cookie)))
        .isPresent();
  }

  /** Whether the request may use the API: by a session or by Basic credentials. */
  boolean allows(Exchange exchange) {
    return of(exchange).isPresent() || hasBasic(exchange);
  }

  private boolean hasBasic(Exchange exchange) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String expected = "Basic " + Base64.getEncoder().encodeToString(pair);
    return exchange.header("Authorization").filter(expected::equals).isPresent();
  }

  synchronized void logout(Granted session) {
    live.remove(session);
  }

  synchronized void logout(int id) {
    live.keySet().removeIf(session -> session.id() == id);
  }

  synchronized int count() {
    return live.size();
  }

  private String hex() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
