package io.github.bmcgateway.sim.asrockrack;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /redfish}: sessions and as much of the tree as clients walk to a system. Thread-safe.
 *
 * <p>A request that its client gives up ends the session; too many in a short time lock Redfish for
 * everybody, for the unit can't tell the clients behind one address apart.
 */
final class RedfishApi {

  private static final String SESSIONS = "/redfish/v1/SessionService/Sessions";
  private static final int BURST = 40;
  private static final Duration BURST_TIME = Duration.ofSeconds(5);
  private static final Duration LOCKED = Duration.ofMinutes(3);

  /** A gateway reads on for so long when its own client has gone. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final AsrockrackOptions options;
  private final WebSessions accounts;
  private final Clock clock;
  private final Map<String, Integer> idsByToken = new LinkedHashMap<>();
  private final Deque<Instant> recent = new ArrayDeque<>();
  private final RedfishTree tree;
  private Instant lockedUntil = Instant.MIN;
  private Recorder recorder = new Recorder();
  private int issued;

  RedfishApi(AsrockrackOptions options, WebSessions accounts, Clock clock) {
    this.options = options;
    this.accounts = accounts;
    this.clock = clock;
    tree = new RedfishTree(options.tag());
  }

  void recordTo(Recorder record) {
    recorder = record;
  }

  Answer.Reply answer(WireRequest request) throws IOException {
    if (isLocked()) {
      return Answer.Reply.page(403);
    }
    Answer.Reply reply = reply(request);
    if (reply.status() < 400 && isGivenUp(request)) {
      request.header("X-Auth-Token").ifPresent(this::end);
    }
    return reply.with("OData-Version", "4.0");
  }

  private synchronized boolean isLocked() {
    if (!options.has(Quirk.REDFISH_BURST)) {
      return false;
    }
    Instant now = clock.instant();
    if (now.isBefore(lockedUntil)) {
      return true;
    }
    recent.addLast(now);
    while (recent.getFirst().isBefore(now.minus(BURST_TIME))) {
      recent.removeFirst();
    }
    if (recent.size() > BURST) {
      lockedUntil = now.plus(LOCKED);
      recent.clear();
      return true;
    }
    return false;
  }

  private boolean isGivenUp(WireRequest request) throws IOException {
    boolean gone = request.isGivenUpWithin(options.redfishDelay());
    if (gone && options.redfishDelay().compareTo(DRAIN) <= 0) {
      recorder.violation("A Redfish request was given up (" + request.recorded() + ")");
    }
    return gone && options.has(Quirk.ABORT_ENDS_REDFISH_SESSION);
  }

  private Answer.Reply reply(WireRequest request) throws IOException {
    String path = trimmed(request.path());
    String call = request.method() + " " + path;
    if (call.equals("GET /redfish") || call.equals("GET /redfish/v1")) {
      return json(200, tree.at(path).orElseThrow());
    }
    if (call.equals("POST " + SESSIONS) || call.equals("POST /redfish/v1/Sessions")) {
      return login(request);
    }
    if (!isAllowed(request)) {
      return error(401, "Base.1.5.NoValidSession", "No valid session is established.");
    }
    return switch (request.method()) {
      case "GET", "HEAD" -> read(path);
      case "PATCH" -> patch(request, path);
      case "DELETE" -> delete(path);
      default -> error(405, "Base.1.5.OperationNotAllowed", "Not allowed here.");
    };
  }

  private static String trimmed(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private Answer.Reply login(WireRequest request) throws IOException {
    JsonNode body = JsonText.parse(request.bodyText());
    if (!accounts.isRight(body.path("UserName").asText(), body.path("Password").asText())) {
      return error(401, "Base.1.5.NoValidSession", "Wrong user or password.");
    }
    synchronized (this) {
      if (idsByToken.size() >= options.sessionPool()) {
        return error(503, "Base.1.5.SessionLimitExceeded", "No session is free.");
      }
      issued++;
      String token = accounts.letters(32);
      idsByToken.put(token, issued);
      return json(201, session(issued))
          .with("X-Auth-Token", token)
          .with("Location", SESSIONS + "/" + issued);
    }
  }

  private Map<String, Object> session(int id) {
    return JsonText.object(
        "@odata.id",
        SESSIONS + "/" + id,
        "@odata.type",
        "#Session.v1_3_0.Session",
        "Id",
        String.valueOf(id),
        "Name",
        "User Session",
        "UserName",
        options.user());
  }

  private synchronized boolean isAllowed(WireRequest request) {
    byte[] pair = (options.user() + ":" + options.password()).getBytes(StandardCharsets.UTF_8);
    String basic = "Basic " + Base64.getEncoder().encodeToString(pair);
    return request.header("Authorization").filter(basic::equals).isPresent()
        || request.header("X-Auth-Token").filter(idsByToken::containsKey).isPresent();
  }

  synchronized int sessionsInUse() {
    return idsByToken.size();
  }

  private synchronized void end(String token) {
    idsByToken.remove(token);
  }

  private synchronized Answer.Reply read(String path) {
    if (path.equals(SESSIONS)) {
      return json(200, tree.collection(path, "Session", idsByToken.values()));
    }
    for (int id : idsByToken.values()) {
      if (path.equals(SESSIONS + "/" + id)) {
        return json(200, session(id));
      }
    }
    return tree.at(path).map(body -> json(200, body)).orElseGet(RedfishApi::missing);
  }

  private Answer.Reply patch(WireRequest request, String path) throws IOException {
    JsonNode changes = JsonText.parse(request.bodyText());
    if (!changes.isObject() || !tree.change(path, changes)) {
      return error(400, "Base.1.5.PropertyUnknown", "Nothing here can be changed so.");
    }
    return Answer.Reply.empty(204).with(ApiHeaders.SECURITY);
  }

  private synchronized Answer.Reply delete(String path) {
    boolean known = idsByToken.values().removeIf(id -> path.equals(SESSIONS + "/" + id));
    return known ? Answer.Reply.empty(204).with(ApiHeaders.SECURITY) : missing();
  }

  private static Answer.Reply missing() {
    return error(404, "Base.1.5.ResourceMissingAtURI", "There is no such resource.");
  }

  private static Answer.Reply error(int status, String id, String message) {
    Object info = JsonText.object("MessageId", id, "Message", message, "Severity", "Critical");
    return json(
        status,
        Map.of(
            "error",
            JsonText.object(
                "code", id, "message", message, "@Message.ExtendedInfo", List.of(info))));
  }

  private static Answer.Reply json(int status, Object body) {
    return Answer.Reply.of(status, "application/json;charset=UTF-8", JsonText.of(body))
        .with(ApiHeaders.SECURITY);
  }
}
