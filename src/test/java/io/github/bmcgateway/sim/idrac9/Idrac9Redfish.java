package io.github.bmcgateway.sim.idrac9;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.sim.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /redfish}: as much of it as clients need, and as a gateway can get wrong. */
final class Idrac9Redfish {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_BODY = 64 * 1024;
  private static final String ROOT = "/redfish/v1";
  private static final String SERVICE = ROOT + "/SessionService";
  private static final String SESSIONS = SERVICE + "/Sessions";
  private static final String SYSTEM = ROOT + "/Systems/System.Embedded.1";
  private static final String KVM_SESSION =
      "/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/DelliDRACCardService/Actions/"
          + "DelliDRACCardService.GetKVMSession";

  private final WebSessions sessions;
  private final ConsoleTickets tickets;
  private final Idrac9Options options;
  private String assetTag = "";

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
      case "GET " + ROOT + "/Systems" -> exchange.json(200, systems());
      case "GET " + SYSTEM -> exchange.json(200, system());
      case "PATCH " + SYSTEM -> patch(exchange);
      case "GET " + SERVICE -> exchange.json(200, sessionService());
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

  private void login(Exchange exchange) {
    JsonNode body = body(exchange);
    WebSessions.Outcome outcome =
        sessions.login(body.path("UserName").asText(), body.path("Password").asText());
    if (outcome instanceof WebSessions.Granted granted) {
      String path = SESSIONS + "/" + granted.id();
      Map<String, Object> session =
          resource(path, "Session.v1_3_0.Session", String.valueOf(granted.id()));
      session.put("UserName", options.user());
      exchange.set("X-Auth-Token", granted.token()).set("Location", path).json(201, session);
    } else if (outcome instanceof WebSessions.Full) {
      exchange.json(503, error("Base.1.8.SessionLimitExceeded", "No session is free."));
    } else {
      exchange.json(401, error("Base.1.8.AccessDenied", "Access denied."));
    }
  }

  private void patch(Exchange exchange) {
    JsonNode tag = body(exchange).path("AssetTag");
    if (!tag.isTextual()) {
      exchange.json(400, error("Base.1.8.PropertyUnknown", "Nothing here can be changed so."));
      return;
    }
    setAssetTag(tag.asText());
    exchange.json(
        200,
        Map.of(
            "@Message.ExtendedInfo",
            List.of(Map.of("MessageId", "Base.1.8.Success", "Severity", "OK"))));
  }

  private synchronized void setAssetTag(String value) {
    assetTag = value;
  }

  private synchronized String assetTag() {
    return assetTag;
  }

  /** The body as JSON; an empty object where it is none. */
  private static JsonNode body(Exchange exchange) {
    try (InputStream body = exchange.body()) {
      byte[] bytes = body.readNBytes(LARGEST_BODY);
      return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    Map<String, Object> root = resource(ROOT, "ServiceRoot.v1_11_0.ServiceRoot", "RootService");
    root.put("RedfishVersion", "1.17.0");
    root.put("Vendor", "Dell");
    root.put("Product", "Integrated Dell Remote Access Controller");
    root.put("Systems", link(ROOT + "/Systems"));
    root.put("SessionService", link(SERVICE));
    root.put("Links", Map.of("Sessions", link(SESSIONS)));
    root.put("Oem", Map.of("Dell", Map.of("ServiceTag", options.tag(), "IsBranded", 0)));
    return root;
  }

  private static Map<String, Object> sessionService() {
    Map<String, Object> service =
        resource(SERVICE, "SessionService.v1_1_8.SessionService", "SessionService");
    service.put("ServiceEnabled", true);
    service.put("SessionTimeout", 1800);
    service.put("Sessions", link(SESSIONS));
    return service;
  }

  private static Map<String, Object> systems() {
    String type = "ComputerSystemCollection.ComputerSystemCollection";
    Map<String, Object> systems = resource(ROOT + "/Systems", type, "Systems");
    systems.put("Members", List.of(link(SYSTEM)));
    systems.put("Members@odata.count", 1);
    return systems;
  }

  private Map<String, Object> system() {
    Map<String, Object> system =
        resource(SYSTEM, "ComputerSystem.v1_17_0.ComputerSystem", "System.Embedded.1");
    system.put("Model", "PowerEdge R750");
    system.put("SKU", options.tag());
    system.put("AssetTag", assetTag());
    system.put("PowerState", "On");
    system.put("Status", Map.of("Health", "OK"));
    system.put(
        "Boot",
        Map.of("BootSourceOverrideEnabled", "Disabled", "BootSourceOverrideTarget", "None"));
    system.put(
        "Actions",
        Map.of(
            "#ComputerSystem.Reset", Map.of("target", SYSTEM + "/Actions/ComputerSystem.Reset")));
    return system;
  }

  private static Map<String, Object> resource(String path, String type, String id) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("@odata.id", path);
    resource.put("@odata.type", "#" + type);
    resource.put("Id", id);
    resource.put("Name", id);
    return resource;
  }

  private static Map<String, Object> link(String path) {
    return Map.of("@odata.id", path);
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
