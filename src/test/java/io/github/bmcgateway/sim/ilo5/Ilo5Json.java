package io.github.bmcgateway.sim.ilo5;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.ilo5.Ilo5Sessions.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /json}: what most of the pages talk to, by cookie. */
final class Ilo5Json {

  static final String LOGIN = "/json/login_session";

  private final Ilo5Tree tree;
  private final Ilo5Sessions sessions;
  private final Ilo5Answers answers;
  private final Ilo5Options options;
  private final Runnable reset;

  Ilo5Json(Ilo5Sessions sessions, Ilo5Answers answers, Ilo5Options options, Runnable reset) {
    this.tree = new Ilo5Tree("/sim/ilo5/json.json", options.tag());
    this.sessions = sessions;
    this.answers = answers;
    this.options = options;
    this.reset = reset;
  }

  void answer(Exchange exchange) {
    if (exchange.path().equals(LOGIN)) {
      loginSession(exchange);
      return;
    }
    Optional<Session> session = session(exchange);
    if (session.isEmpty()) {
      answers.lostSession(exchange);
    } else if (exchange.method().equals("POST")) {
      changed(exchange, session.get());
    } else {
      read(exchange, exchange.path().substring("/json/".length()));
    }
  }

  /** The session that the cookie names. */
  Optional<Session> session(Exchange exchange) {
    return exchange.cookie(Ilo5Sessions.COOKIE).flatMap(sessions::find);
  }

  private void loginSession(Exchange exchange) {
    if (exchange.method().equals("GET")) {
      ObjectNode data = tree.find("login_session").orElseThrow();
      answers.json(exchange, 200, data.put("login_delay", sessions.loginDelaySeconds()));
      return;
    }
    ObjectNode body = Ilo5Answers.body(exchange);
    switch (body.path("method").asText()) {
      case "login" -> login(exchange, body);
      case "logout" -> {
        Optional<Session> session = sessions.find(body.path("session_key").asText());
        session.ifPresentOrElse(
            found -> {
              sessions.logout(found);
              answers.json(exchange, 200, Map.of());
            },
            () -> answers.lostSession(exchange));
      }
      default -> answers.json(exchange, 400, Map.of("message", "JS_ERR_BAD_METHOD", "details", ""));
    }
  }

  private void login(Exchange exchange, ObjectNode body) {
    Ilo5Sessions.Outcome outcome =
        sessions.login(body.path("user_login").asText(), body.path("password").asText());
    if (outcome instanceof Session session) {
      exchange.set("Set-Cookie", cookie(session));
      answers.json(exchange, 200, granted(session));
    } else if (outcome instanceof Ilo5Sessions.Full) {
      answers.json(
          exchange, 403, Map.of("message", "JS_ERR_NO_SESSION", "details", "No session is free."));
    } else {
      answers.json(exchange, 403, Map.of("message", "JS_ERR_NO_PRIV", "details", "Login failed."));
    }
  }

  /** The line that gives a session's key to the browser. */
  String cookie(Session session) {
    return Ilo5Sessions.COOKIE + "=" + session.key() + options.cookieAttributes();
  }

  private Map<String, Object> granted(Session session) {
    Map<String, Object> granted = new LinkedHashMap<>();
    granted.put(options.has(Ilo5Quirk.SHORT_KEY_NAME) ? "key" : "session_key", session.key());
    tree.find("session_info")
        .orElseThrow()
        .properties()
        .forEach(field -> granted.put(field.getKey(), field.getValue()));
    return granted;
  }

  private void read(Exchange exchange, String name) {
    Optional<ObjectNode> found = name.equals("login_session") ? Optional.empty() : tree.find(name);
    found.ifPresentOrElse(
        data -> answers.json(exchange, 200, data),
        () -> exchange.reply(404, "text/plain", "Not Found"));
  }

  private void changed(Exchange exchange, Session session) {
    ObjectNode body = Ilo5Answers.body(exchange);
    Optional<Session> inBody = sessions.find(body.path("session_key").asText());
    if (options.has(Ilo5Quirk.KEY_IN_BODY) && !inBody.filter(session::equals).isPresent()) {
      answers.lostSession(exchange);
      return;
    }
    switch (body.path("method").asText()) {
      case "set_host_power" -> {
        String state = body.path("hostpwr_state").asText();
        tree.merge("host_power", Ilo5Answers.JSON.createObjectNode().put("hostpwr_state", state));
        answers.json(exchange, 200, Map.of());
      }
      case "reset_ilo" -> {
        answers.json(exchange, 200, Map.of());
        reset.run();
      }
      default -> answers.json(exchange, 400, Map.of("message", "JS_ERR_BAD_METHOD", "details", ""));
    }
  }
}
