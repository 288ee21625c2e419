package io.github.bmcgateway.sim.idrac8;

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
import java.util.function.Predicate;

/**
 * The small pool of logins of one unit, and who a request belongs to. A login that is idle for 30
 * minutes makes room. Thread-safe.
 */
final class WebSessions {

  static final String COOKIE = "-http-session-";

  private static final Duration IDLE = Duration.ofMinutes(30);

  /** A login's outcome. */
  sealed interface Outcome {}

  /** The new login. */
  record Granted(WebSession session) implements Outcome {}

  /** Wrong user or password. */
  record Refused() implements Outcome {}

  /** No login is free. */
  record Full() implements Outcome {}

  private final String user;
  private final String password;
  private final int capacity;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<WebSession, Instant> live = new LinkedHashMap<>();
  private int issued;

  WebSessions(String user, String password, int capacity, Clock clock) {
    this.user = user;
    this.password = password;
    this.capacity = capacity;
    this.clock = clock;
  }

  Outcome login(String givenUser, String givenPassword) {
    return login(givenUser, givenPassword, Optional.empty());
  }

  /**
   * Logs in.
   *
   * @param early the cookie that the visitor has already and keeps
   */
  synchronized Outcome login(String givenUser, String givenPassword, Optional<String> early) {
    if (!givenUser.equals(user) || !givenPassword.equals(password)) {
      return new Refused();
    }
    live.values().removeIf(used -> used.plus(IDLE).isBefore(clock.instant()));
    if (live.size() >= capacity) {
      return new Full();
    }
    issued++;
    String cookie = early.orElseGet(this::newCookie);
    WebSession session =
        new WebSession(issued, cookie, hex(), hex(), 1 + random.nextInt(/* bound= */ 65_000));
    live.put(session, clock.instant());
    return new Granted(session);
  }

  /** Value of a cookie that is of no login yet. */
  synchronized String newCookie() {
    return issued + "::http.session::" + hex();
  }

  /** The login that the request's cookie names; enough for pages and pictures. */
  Optional<WebSession> byCookie(Exchange exchange) {
    Optional<String> cookie = exchange.cookie(COOKIE);
    return find(session -> cookie.filter(session.cookie()::equals).isPresent());
  }

  /** The login whose Redfish token the request carries. */
  Optional<WebSession> byRedfishToken(Exchange exchange) {
    Optional<String> token = exchange.header("X-Auth-Token");
    return find(session -> token.filter(session.st2()::equals).isPresent());
  }

  private synchronized Optional<WebSession> find(Predicate<WebSession> fits) {
    Optional<WebSession> found = live.keySet().stream().filter(fits).findFirst();
    found.ifPresent(session -> live.put(session, clock.instant()));
    return found;
  }

  /** Whether the request carries the account's name and password. */
  boolean hasBasic(Exchange exchange) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String expected = "Basic " + Base64.getEncoder().encodeToString(pair);
    return exchange.header("Authorization").filter(expected::equals).isPresent();
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
