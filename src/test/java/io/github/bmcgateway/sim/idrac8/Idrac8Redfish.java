package io.github.bmcgateway.sim.idrac8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.sim.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /redfish}, version 1.4: as much of it as clients need to log in, list and patch. */
final class Idrac8Redfish {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "application/json;odata.metadata=minimal;charset=utf-8";
  private static final String ROOT = "/redfish/v1";
  private static final String SESSIONS = ROOT + "/Sessions";
  private static final String SYSTEM = ROOT + "/Systems/System.Embedded.1";
  private static final String MANAGER = ROOT + "/Managers/iDRAC.Embedded.1";
  private static final int LARGEST_BODY = 64 * 1024;

  private final WebSessions sessions;
  private final Idrac8Options options;
  private String assetTag = "";

  Idrac8Redfish(WebSessions sessions, Idrac8Options options) {
    this.sessions = sessions;
    this.options = options;
  }

  void answer(Exchange exchange) throws IOException {
    exchange
        .set("Server", "iDRAC/8")
        .set("OData-Version", "4.0")
        .set("Cache-Control", "no-cache")
        .set("Access-Control-Allow-Origin", "*")
        .set("Accept-Ranges", "bytes");
    String call = exchange.method() + " " + exchange.path().replaceFirst("(?<=.)/$", "");
    boolean known = sessions.byRedfishToken(exchange).isPresent() || sessions.hasBasic(exchange);
    if (call.equals("POST " + SESSIONS)) {
      login(exchange);
    } else if (call.endsWith(ROOT + "/SessionService/Sessions")) {
      exchange.drainBody();
      reply(exchange, 405, error("The method isn't allowed here."));
    } else if (!known && options.truncatedRedfish() && exchange.method().equals("GET")) {
      byte[] body = JSON.writeValueAsBytes(error("Unauthorized."));
      exchange.truncated(401, TYPE, body, body.length + 512);
    } else if (call.equals("GET /redfish")) {
      reply(exchange, 200, Map.of("v1", ROOT + "/"));
    } else if (call.equals("GET " + ROOT)) {
      reply(exchange, 200, root());
    } else if (known) {
      authorised(exchange, call);
    } else {
      exchange.drainBody();
      reply(exchange, 401, error("Unauthorized."));
    }
  }

  private void authorised(Exchange exchange, String call) throws IOException {
    switch (call) {
      case "GET " + ROOT + "/Systems" -> reply(exchange, 200, collection("Systems", SYSTEM));
      case "GET " + ROOT + "/Managers" -> reply(exchange, 200, collection("Managers", MANAGER));
      case "GET " + SESSIONS -> reply(exchange, 200, collection("Sessions"));
      case "GET " + ROOT + "/SessionService" -> reply(exchange, 200, sessionService());
      case "GET " + SYSTEM -> reply(exchange, 200, system());
      case "GET " + MANAGER -> reply(exchange, 200, manager());
      case "PATCH " + SYSTEM -> patch(exchange);
      default -> other(exchange, call);
    }
  }

  private void other(Exchange exchange, String call) throws JsonProcessingException {
    exchange.drainBody();
    if (call.matches("DELETE " + SESSIONS + "/\\d+")) {
      sessions.logout(Integer.parseInt(call.substring(call.lastIndexOf('/') + 1)));
      reply(exchange, 200, Map.of("Success", Map.of("Message", "Successfully Completed Request")));
    } else {
      reply(exchange, 404, error("The resource isn't there."));
    }
  }

  private void login(Exchange exchange) throws IOException {
    JsonNode body = body(exchange);
    WebSessions.Outcome outcome =
        sessions.login(body.path("UserName").asText(), body.path("Password").asText());
    if (outcome instanceof WebSessions.Granted granted) {
      String id = String.valueOf(granted.session().id());
      exchange.set("X-Auth-Token", granted.session().st2()).set("Location", SESSIONS + "/" + id);
      Map<String, Object> session = resource(SESSIONS + "/" + id, "Session.v1_0_0.Session", id);
      session.put("UserName", options.user());
      reply(exchange, 201, session);
    } else if (outcome instanceof WebSessions.Full) {
      reply(exchange, 503, error("The maximum number of user sessions has been reached."));
    } else {
      reply(exchange, 401, error("Unauthorized."));
    }
  }

  private void patch(Exchange exchange) throws IOException {
    setAssetTag(body(exchange).path("AssetTag").asText());
    reply(exchange, 200, Map.of("Success", Map.of("Message", "Successfully Completed Request")));
  }

  private synchronized void setAssetTag(String value) {
    assetTag = value;
  }

  private synchronized String assetTag() {
    return assetTag;
  }

  private static JsonNode body(Exchange exchange) throws IOException {
    try (InputStream body = exchange.body()) {
      byte[] bytes = body.readNBytes(LARGEST_BODY);
      return JSON.readTree(bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  private Map<String, Object> root() {
    Map<String, Object> root = resource(ROOT, "ServiceRoot.v1_2_0.ServiceRoot", "RootService");
    root.put("RedfishVersion", "1.4.0");
    root.put("Systems", link(ROOT + "/Systems"));
    root.put("Managers", link(ROOT + "/Managers"));
    root.put("SessionService", link(ROOT + "/SessionService"));
    root.put("Links", Map.of("Sessions", link(SESSIONS)));
    return root;
  }

  private Map<String, Object> sessionService() {
    Map<String, Object> service =
        resource(
            ROOT + "/SessionService", "SessionService.v1_1_3.SessionService", "SessionService");
    service.put("ServiceEnabled", true);
    service.put("SessionTimeout", 1800);
    service.put("Sessions", link(SESSIONS));
    return service;
  }

  private Map<String, Object> system() {
    Map<String, Object> system =
        resource(SYSTEM, "ComputerSystem.v1_4_0.ComputerSystem", "System.Embedded.1");
    system.put("Manufacturer", "Dell Inc.");
    system.put("Model", UnitValues.MODEL);
    system.put("SKU", options.tag());
    system.put("AssetTag", assetTag());
    system.put("PowerState", "On");
    system.put("Status", Map.of("Health", "OK", "State", "Enabled"));
    system.put(
        "Boot",
        Map.of("BootSourceOverrideEnabled", "Disabled", "BootSourceOverrideTarget", "None"));
    system.put(
        "Actions",
        Map.of(
            "#ComputerSystem.Reset", Map.of("target", SYSTEM + "/Actions/ComputerSystem.Reset")));
    return system;
  }

  private Map<String, Object> manager() {
    Map<String, Object> manager = resource(MANAGER, "Manager.v1_3_1.Manager", "iDRAC.Embedded.1");
    manager.put("FirmwareVersion", UnitValues.FIRMWARE);
    manager.put("Model", "13G Monolithic");
    return manager;
  }

  private static Map<String, Object> resource(String path, String type, String id) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("@odata.id", path);
    resource.put("@odata.type", "#" + type);
    resource.put("Id", id);
    resource.put("Name", id);
    return resource;
  }

  private static Map<String, Object> collection(String name, String... members) {
    Map<String, Object> collection =
        resource(ROOT + "/" + name, name + "Collection." + name + "Collection", name);
    collection.put("Members", List.of(members).stream().map(Idrac8Redfish::link).toList());
    collection.put("Members@odata.count", members.length);
    return collection;
  }

  private static Map<String, Object> link(String path) {
    return Map.of("@odata.id", path);
  }

  private static Map<String, Object> error(String message) {
    return Map.of("error", Map.of("code", "Base.1.2.GeneralError", "message", message));
  }

  private static void reply(Exchange exchange, int status, Object body)
      throws JsonProcessingException {
    exchange.reply(status, TYPE, JSON.writeValueAsBytes(body));
  }
}
