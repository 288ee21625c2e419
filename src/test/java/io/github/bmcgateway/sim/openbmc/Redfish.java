package io.github.bmcgateway.sim.openbmc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.openbmc.Sessions.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** {@code /redfish}: a few resources, sessions, events, firmware. Thread-safe. */
final class Redfish {

  /** bmcweb's {@code http-body-limit}. */
  static final long MAX_BODY_BYTES = 30L << 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SESSIONS = "/redfish/v1/SessionService/Sessions";
  private static final String UPDATE = "/redfish/v1/UpdateService/update";

  private final Sessions sessions;
  private final OpenbmcOptions options;
  private final List<Upload> uploads = new CopyOnWriteArrayList<>();

  Redfish(Sessions sessions, OpenbmcOptions options) {
    this.sessions = sessions;
    this.options = options;
  }

  List<Upload> uploads() {
    return List.copyOf(uploads);
  }

  boolean isRight(String user, String password) {
    return user.equals(options.user()) && password.equals(options.password());
  }

  /** The body as JSON; a missing node if it is none. */
  static JsonNode body(Exchange exchange) throws IOException {
    try (InputStream in = exchange.body()) {
      return JSON.readTree(in.readAllBytes());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  void answer(Exchange exchange) throws IOException {
    exchange.set("OData-Version", "4.0").set("Allow", "GET, POST, PATCH, DELETE");
    String path = exchange.path().replaceFirst("(?<=.)/$", "");
    String asked = exchange.method() + " " + path;
    if (asked.equals("GET /redfish")) {
      exchange.json(200, Map.of("v1", "/redfish/v1/"));
    } else if (asked.equals("GET /redfish/v1")) {
      exchange.json(200, root());
    } else if (asked.equals("POST " + SESSIONS)) {
      logIn(exchange);
    } else if (sessions.of(exchange).isEmpty()) {
      exchange.drainBody();
      exchange.json(401, error("NoValidSession"));
    } else if (asked.equals("POST " + UPDATE)) {
      update(exchange);
    } else if (asked.startsWith("DELETE " + SESSIONS + "/")) {
      logOut(exchange, path.substring(SESSIONS.length() + 1));
    } else if (asked.equals("GET /redfish/v1/EventService/SSE")) {
      exchange.events(options.eventInterval(), this::event);
    } else {
      resource(exchange, asked);
    }
  }

  private Map<String, Object> root() {
    return Map.of(
        "@odata.id", "/redfish/v1",
        "@odata.type", "#ServiceRoot.v1_15_0.ServiceRoot",
        "Id", "RootService",
        "Name", "Root Service",
        "RedfishVersion", "1.17.0",
        "Systems", link("/redfish/v1/Systems"),
        "SessionService", link("/redfish/v1/SessionService"),
        "Links", Map.of("Sessions", link(SESSIONS)));
  }

  private void resource(Exchange exchange, String asked) throws IOException {
    switch (asked) {
      case "GET /redfish/v1/Systems" ->
          exchange.json(
              200,
              Map.of(
                  "@odata.id",
                  "/redfish/v1/Systems",
                  "Name",
                  "Computer System Collection",
                  "Members",
                  List.of(link("/redfish/v1/Systems/system")),
                  "Members@odata.count",
                  1));
      case "GET /redfish/v1/Systems/system" ->
          exchange.json(
              200,
              Map.of(
                  "@odata.id", "/redfish/v1/Systems/system",
                  "Name", "system",
                  "SerialNumber", options.tag(),
                  "PowerState", "On"));
      case "PATCH /redfish/v1/Systems/system" -> {
        boolean whole = body(exchange).isObject();
        exchange.empty(whole ? 204 : 400);
      }
      default -> {
        exchange.drainBody();
        exchange.json(404, error("ResourceNotFound"));
      }
    }
  }

  private void logIn(Exchange exchange) throws IOException {
    JsonNode body = body(exchange);
    if (!isRight(body.path("UserName").asText(), body.path("Password").asText())) {
      exchange.json(401, error("ResourceAtUriUnauthorized"));
      return;
    }
    Session session = sessions.open();
    String location = SESSIONS + "/" + session.id();
    exchange.set("X-Auth-Token", session.token()).set("Location", location);
    exchange.json(201, Map.of("@odata.id", location, "Id", session.id(), "Name", "User Session"));
  }

  private void logOut(Exchange exchange, String id) {
    Optional<Session> session = sessions.byId(id);
    session.ifPresent(sessions::close);
    exchange.empty(session.isPresent() ? 200 : 404);
  }

  private void update(Exchange exchange) throws IOException {
    Upload upload = read(exchange);
    if (upload.bytes() > MAX_BODY_BYTES) {
      exchange.closing().empty(413);
      return;
    }
    uploads.add(upload);
    String task = "/redfish/v1/TaskService/Tasks/" + (uploads.size() - 1);
    exchange.set("Location", task + "/Monitor");
    exchange.json(202, Map.of("@odata.id", task, "TaskState", "Running"));
  }

  private static Upload read(Exchange exchange) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(exchange.body(), MessageDigest.getInstance("SHA-256"))) {
      long bytes = in.transferTo(OutputStream.nullOutputStream());
      return new Upload(bytes, HexFormat.of().formatHex(in.getMessageDigest().digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String event(long number) {
    return "id: %d\ndata: {\"Name\":\"Event Log\",\"Context\":\"%s\",\"Id\":\"%d\"}\n\n"
        .formatted(number, options.tag(), number);
  }

  private static Map<String, String> link(String path) {
    return Map.of("@odata.id", path);
  }

  private static Map<String, Object> error(String id) {
    return Map.of("error", Map.of("code", "Base.1.16.0." + id, "message", id));
  }
}
