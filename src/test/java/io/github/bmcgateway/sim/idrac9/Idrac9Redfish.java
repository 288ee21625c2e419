package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /redfish}: as much of it as a gateway can get wrong. */
final class Idrac9Redfish {

  private static final String SESSIONS = "/redfish/v1/SessionService/Sessions";
  private static final String KVM_SESSION =
      "/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/DelliDRACCardService/Actions/"
          + "DelliDRACCardService.GetKVMSession";

  private final WebSessions sessions;
  private final ConsoleTickets tickets;
  private final Idrac9Options options;

  Idrac9Redfish(WebSessions sessions, ConsoleTickets tickets, Idrac9Options options) {
    this.sessions = sessions;
    this.tickets = tickets;
    this.options = options;
  }

  void answer(Exchange exchange) {
    exchange.set("OData-Version", "4.0").set("Cache-Control", "no-cache");
    exchange.set("Access-Control-Allow-Origin", "*");
    String call = exchange.method() + " " + exchange.path();
    if (call.equals("GET /redfish")) {
      exchange.json(200, Map.of("v1", "/redfish/v1/"));
    } else if (call.equals("GET /redfish/v1") || call.equals("GET /redfish/v1/")) {
      exchange.json(200, root());
    } else if (call.equals("POST " + SESSIONS)) {
      login(exchange);
    } else if (sessions.allows(exchange)) {
      authorised(exchange, call);
    } else {
      exchange.json(401, error("Base.1.8.AccessDenied", "Access denied."));
    }
  }

  private void authorised(Exchange exchange, String call) {
    if (call.startsWith("DELETE " + SESSIONS + "/")) {
      sessions.logout(Integer.parseInt(call.substring(call.lastIndexOf('/') + 1)));
      exchange.empty(204);
      return;
    }
    switch (call) {
      case "GET /redfish/v1/Systems/System.Embedded.1" -> exchange.json(200, system());
      case "GET /redfish/v1/SSE" -> exchange.events(options.eventInterval(), this::event);
      case "POST /redfish/v1/UpdateService/MultipartUpload",
          "POST /redfish/v1/UpdateService/FirmwareInventory" ->
          upload(exchange);
      case "POST " + KVM_SESSION -> {
        exchange.drainBody();
        ConsoleTickets.Pair pair = tickets.issue();
        exchange.json(200, Map.of("TempUsername", pair.first(), "TempPassword", pair.second()));
      }
      default -> exchange.json(404, error("Base.1.8.ResourceMissingAtURI", "Not found."));
    }
  }

  /**
   * Redfish log-in: the simulated unit takes the credentials as Basic in place of the JSON body.
   */
  private void login(Exchange exchange) {
    exchange.drainBody();
    if (!sessions.allows(exchange)) {
      exchange.json(401, error("Base.1.8.AccessDenied", "Access denied."));
      return;
    }
    WebSessions.Outcome outcome = sessions.login(options.user(), options.password());
    if (outcome instanceof WebSessions.Granted granted) {
      exchange
          .set("X-Auth-Token", granted.token())
          .set("Location", SESSIONS + "/" + granted.id())
          .json(201, Map.of("Id", String.valueOf(granted.id()), "UserName", options.user()));
    } else {
      exchange.json(503, error("Base.1.8.SessionLimitExceeded", "No session is free."));
    }
  }

  private void upload(Exchange exchange) {
    exchange.drainBody();
    exchange
        .set("Location", "/redfish/v1/TaskService/Tasks/JID_%012d".formatted(1))
        .json(202, Map.of("bytes", exchange.recorded().bodyBytes(), "status", "Downloaded"));
  }

  private String event(long number) {
    return "id: " + number + "\ndata: {\"Event\":\"" + options.tag() + "\"}\n\n";
  }

  private Map<String, Object> root() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("@odata.id", "/redfish/v1");
    root.put("RedfishVersion", "1.17.0");
    root.put("Vendor", "Dell");
    root.put("Product", "Integrated Dell Remote Access Controller");
    root.put("Systems", Map.of("@odata.id", "/redfish/v1/Systems"));
    root.put("Oem", Map.of("Dell", Map.of("ServiceTag", options.tag(), "IsBranded", 0)));
    return root;
  }

  private Map<String, Object> system() {
    Map<String, Object> system = new LinkedHashMap<>();
    system.put("@odata.id", "/redfish/v1/Systems/System.Embedded.1");
    system.put("Model", "PowerEdge R750");
    system.put("SKU", options.tag());
    system.put("PowerState", "On");
    system.put("Status", Map.of("Health", "OK"));
    return system;
  }

  /** The answer to a {@code Host} that the unit doesn't know itself by. */
  static Map<String, Object> queryNotSupported() {
    return error("Base.1.8.QueryNotSupported", "Querying is not supported by the implementation");
  }

  private static Map<String, Object> error(String messageId, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", "Base.1.8.GeneralError");
    error.put("message", "A general error has occurred. See ExtendedInfo for more information.");
    error.put(
        "@Message.ExtendedInfo",
        List.of(Map.of("MessageId", messageId, "Message", message, "Severity", "Warning")));
    return Map.of("error", error);
  }
}
