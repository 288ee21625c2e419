package io.github.bmcgateway.sim.openbmc;

import io.github.bmcgateway.sim.Exchange;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions of a unit and how a request shows that it belongs to one: by {@code X-Auth-Token},
 * or by cookie, which for anything but reading must come with the second secret. Thread-safe.
 */
final class Sessions {

  static final String COOKIE = "BMCWEB-SESSION";
  static final String XSRF_COOKIE = "XSRF-TOKEN";

  private static final int SECRET_LENGTH = 20;

  private final Map<String, Session> byToken = new ConcurrentHashMap<>();

  /**
   * One session.
   *
   * @param id its name in Redfish
   * @param token the secret of cookie and header
   * @param xsrf the secret that scripts read from their cookie and repeat
   */
  record Session(String id, String token, String xsrf) {}

  Session open() {
    Session session = new Session(secret().substring(0, 10), secret(), secret());
    byToken.put(session.token(), session);
    return session;
  }

  int count() {
    return byToken.size();
  }

  void close(Session session) {
    byToken.remove(session.token());
  }

  Optional<Session> byId(String id) {
    return byToken.values().stream().filter(session -> session.id().equals(id)).findFirst();
  }

  /** The session of a request that isn't an upgrade. */
  Optional<Session> of(Exchange exchange) {
    Optional<String> header = exchange.header("X-Auth-Token");
    if (header.isPresent()) {
      return header.map(byToken::get);
    }
    boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    Optional<String> xsrf = exchange.header("X-XSRF-TOKEN");
    return byCookie(exchange)
        .filter(session -> reads || xsrf.filter(session.xsrf()::equals).isPresent());
  }

  /** The session of an upgrade: its one subprotocol must be the second secret, verbatim. */
  Optional<Session> ofUpgrade(Exchange exchange) {
    Optional<String> offered = exchange.header("Sec-WebSocket-Protocol");
    return byCookie(exchange).filter(session -> offered.filter(session.xsrf()::equals).isPresent());
  }

  private Optional<Session> byCookie(Exchange exchange) {
    return exchange.cookie(COOKIE).map(byToken::get);
  }

  private static String secret() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, SECRET_LENGTH);
  }
}
