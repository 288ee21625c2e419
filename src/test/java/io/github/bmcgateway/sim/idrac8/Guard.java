package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.Recorder;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who may call what: the pages' calls need the cookie of the unit, the cookie {@code tokenvalue}
 * that the pages wrote themselves, and one of the two tokens. Thread-safe.
 */
final class Guard {

  private final WebSessions sessions;
  private final Recorder recorder;

  Guard(WebSessions sessions, Recorder recorder) {
    this.sessions = sessions;
    this.recorder = recorder;
  }

  /** The login behind a call of a page's script, by its header {@code ST2}. */
  Optional<WebSession> caller(Exchange exchange) {
    return login(
        exchange, session -> exchange.header("ST2").filter(session.st2()::equals).isPresent());
  }

  /** The login behind an upload, by {@code ST1} in its query. */
  Optional<WebSession> uploader(Exchange exchange) {
    return login(
        exchange, session -> exchange.query("ST1").filter(session.st1()::equals).isPresent());
  }

  private Optional<WebSession> login(Exchange exchange, Predicate<WebSession> hasToken) {
    return sessions
        .byCookie(exchange)
        .filter(hasToken)
        .filter(session -> hasOwnCookie(exchange, session));
  }

  private boolean hasOwnCookie(Exchange exchange, WebSession session) {
    boolean there = exchange.cookie("tokenvalue").filter(session.st1()::equals).isPresent();
    if (!there) {
      recorder.violation("The pages' own cookie tokenvalue is missing (" + exchange.path() + ")");
    }
    return there;
  }

  /** What a page's script is told when it isn't let in. */
  static void refuse(Exchange exchange) {
    exchange.reply(401, "text/html", "<html><body><h2>Access Error: 401</h2></body></html>");
  }
}
