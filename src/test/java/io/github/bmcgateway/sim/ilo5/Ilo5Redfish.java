package io.github.bmcgateway.sim.ilo5;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.ilo5.Ilo5Sessions.Session;
import java.util.Optional;
import java.util.Set;

/** {@code /redfish} and {@code /rest}: by token or Basic credentials. */
final class Ilo5Redfish {

  private static final String ROOT = "/redfish/v1/";
  private static final String SESSIONS = "/redfish/v1/SessionService/Sessions/";
  private static final String UPDATE_SERVICE = "/redfish/v1/UpdateService/";
  private static final String RESET = "/redfish/v1/Managers/1/Actions/Manager.Reset/";

  /** Where one logs in: the short one is what the web pages use. */
  private static final Set<String> LOGINS = Set.of(SESSIONS, "/redfish/v1/Sessions/");

  private final Ilo5Tree tree;
  private final Ilo5Sessions sessions;
  private final Ilo5Firmware firmware;
  private final Ilo5Json json;
  private final Ilo5Answers answers;
  private final Ilo5Options options;
  private final Runnable reset;

  Ilo5Redfish(
      Ilo5Sessions sessions,
      Ilo5Firmware firmware,
      Ilo5Json json,
      Ilo5Answers answers,
      Ilo5Options options,
      Runnable reset) {
    this.tree = new Ilo5Tree("/sim/ilo5/redfish.json", options.tag());
    this.sessions = sessions;
    this.firmware = firmware;
    this.json = json;
    this.answers = answers;
    this.options = options;
    this.reset = reset;
  }

  static boolean isLogin(String path) {
    return LOGINS.contains(path);
  }

  void answer(Exchange exchange) {
    String path = exchange.path();
    if (path.startsWith("/rest/v1")) {
      moved(exchange, "/redfish" + path.substring("/rest".length()));
    } else if (!path.endsWith("/") && !path.endsWith(".json") && !path.equals("/redfish")) {
      moved(exchange, path);
    } else if (path.equals("/redfish") || path.equals("/redfish/")) {
      answers.redfish(exchange, 200, Ilo5Answers.JSON.createObjectNode().put("v1", ROOT));
    } else if (path.equals(ROOT)) {
      read(exchange, path);
    } else if (exchange.method().equals("POST") && isLogin(path)) {
      login(exchange);
    } else if (!allows(exchange)) {
      exchange.drainBody();
      answers.message(exchange, 401, "Base.1.4.NoValidSession");
    } else {
      authorised(exchange, path);
    }
  }

  private void moved(Exchange exchange, String path) {
    if (!options.has(Ilo5Quirk.REDIRECT_MISSING_SLASH)) {
      exchange.drainBody();
      answers.message(exchange, 404, "Base.1.4.ResourceMissingAtURI");
      return;
    }
    exchange.drainBody();
    String whole = path.endsWith("/") || path.endsWith(".json") ? path : path + "/";
    String query = exchange.recorded().target().substring(exchange.path().length());
    exchange.set("Location", answers.located(exchange, whole + query)).empty(308);
  }

  private boolean allows(Exchange exchange) {
    return exchange.header("X-Auth-Token").flatMap(sessions::find).isPresent()
        || exchange.header("Authorization").filter(sessions::isBasic).isPresent()
        || (!options.has(Ilo5Quirk.REDFISH_NEEDS_TOKEN) && json.session(exchange).isPresent());
  }

  private void login(Exchange exchange) {
    ObjectNode body = Ilo5Answers.body(exchange);
    Ilo5Sessions.Outcome outcome =
        sessions.login(body.path("UserName").asText(), body.path("Password").asText());
    if (outcome instanceof Session session) {
      if (!options.has(Ilo5Quirk.COOKIE_BY_SCRIPT)) {
        exchange.set("Set-Cookie", json.cookie(session));
      }
      exchange
          .set("X-Auth-Token", session.key())
          .set("Location", answers.located(exchange, SESSIONS + session.id() + "/"));
      answers.redfish(exchange, 201, described(session, /* mine= */ true));
    } else if (outcome instanceof Ilo5Sessions.Full) {
      answers.message(exchange, 503, "Base.1.4.SessionLimitExceeded");
    } else {
      answers.message(exchange, 401, "iLO.2.14.UnauthorizedLoginAttempt");
    }
  }

  private void authorised(Exchange exchange, String path) {
    switch (exchange.method()) {
      case "GET", "HEAD" -> read(exchange, path);
      case "PATCH", "PUT" -> change(exchange, path);
      case "POST" -> act(exchange, path);
      case "DELETE" -> delete(exchange, path);
      default -> answers.message(exchange, 405, "iLO.2.14.UnsupportedOperation");
    }
  }

  private void read(Exchange exchange, String path) {
    if (path.equals(SESSIONS)) {
      answers.redfish(exchange, 200, collection());
    } else if (path.startsWith(SESSIONS)) {
      named(path)
          .ifPresentOrElse(
              found -> answers.redfish(exchange, 200, described(found, isMine(exchange, found))),
              () -> answers.message(exchange, 404, "Base.1.4.ResourceMissingAtURI"));
    } else {
      tree.find(path)
          .ifPresentOrElse(
              found -> send(exchange, path, found),
              () -> answers.message(exchange, 404, "Base.1.4.ResourceMissingAtURI"));
    }
  }

  private void send(Exchange exchange, String path, ObjectNode found) {
    if (path.endsWith(".json")) {
      answers.library(exchange, found);
    } else {
      answers.redfish(exchange, 200, path.equals(UPDATE_SERVICE) ? withState(found) : found);
    }
  }

  private ObjectNode withState(ObjectNode service) {
    service
        .withObject("/Oem/Hpe")
        .put("State", firmware.state())
        .put("FlashProgressPercent", firmware.percent());
    return service;
  }

  private void change(Exchange exchange, String path) {
    ObjectNode changes = Ilo5Answers.body(exchange);
    Optional<ObjectNode> found = tree.find(path);
    Optional<String> expected = exchange.header("If-Match");
    if (found.isEmpty()) {
      answers.message(exchange, 404, "Base.1.4.ResourceMissingAtURI");
    } else if (expected.isPresent() && !expected.get().equals(Ilo5Answers.etag(found.get()))) {
      answers.message(exchange, 412, "Base.1.4.PreconditionFailed");
    } else {
      tree.merge(path, changes);
      answers.message(exchange, 200, "Base.1.4.Success");
    }
  }

  private void act(Exchange exchange, String path) {
    exchange.drainBody();
    if (!path.contains("/Actions/")) {
      answers.message(exchange, 405, "iLO.2.14.UnsupportedOperation");
      return;
    }
    answers.message(exchange, 200, "Base.1.4.Success");
    if (path.equals(RESET)) {
      reset.run();
    }
  }

  private void delete(Exchange exchange, String path) {
    Optional<Session> session = named(path);
    if (session.isEmpty()) {
      answers.message(exchange, 404, "Base.1.4.ResourceMissingAtURI");
    } else {
      sessions.logout(session.get());
      answers.message(exchange, 200, "Base.1.4.Success");
    }
  }

  private Optional<Session> named(String path) {
    return path.startsWith(SESSIONS)
        ? sessions.named(path.substring(SESSIONS.length(), path.length() - 1))
        : Optional.empty();
  }

  private boolean isMine(Exchange exchange, Session session) {
    return exchange
        .header("X-Auth-Token")
        .flatMap(sessions::find)
        .filter(session::equals)
        .isPresent();
  }

  private ObjectNode collection() {
    ObjectNode collection = tree.find(SESSIONS).orElseThrow();
    ArrayNode members = collection.putArray("Members");
    sessions.all().forEach(s -> members.addObject().put("@odata.id", SESSIONS + s.id() + "/"));
    return collection.put("Members@odata.count", members.size());
  }

  private ObjectNode described(Session session, boolean mine) {
    ObjectNode described = tree.find("session").orElseThrow();
    described.put("@odata.id", SESSIONS + session.id() + "/");
    described.put("Id", session.id());
    described.put("UserName", options.user());
    described.withObject("/Oem/Hpe").put("MySession", mine);
    return described;
  }
}
