package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /sysmgmt}: what the GUI talks to. */
final class Idrac9Management {

  private static final String SESSION = "/sysmgmt/2015/bmc/session";

  private final WebSessions sessions;
  private final ConsoleTickets tickets;
  private final Idrac9Options options;

  Idrac9Management(WebSessions sessions, ConsoleTickets tickets, Idrac9Options options) {
    this.sessions = sessions;
    this.tickets = tickets;
    this.options = options;
  }

  void answer(Exchange exchange, BmcServer server) {
    String call = exchange.method() + " " + exchange.path();
    if (call.equals("GET /sysmgmt/2015/bmc/info")) {
      exchange.set("Cache-Control", "no-cache").json(200, info());
    } else if (call.equals("POST " + SESSION)) {
      login(exchange);
    } else if (!sessions.allows(exchange)) {
      exchange.json(401, Map.of("status", "error"));
    } else if (call.equals("DELETE " + SESSION)) {
      sessions.of(exchange).ifPresent(sessions::logout);
      exchange.json(200, Map.of("status", "ok"));
    } else if (call.equals("GET /sysmgmt/2015/server/vconsole")) {
      ticket(exchange, server, "vconsole");
    } else if (call.equals("GET /sysmgmt/2018/server/vmedia")) {
      ticket(exchange, server, "vmedia");
    } else if (call.equals("POST /sysmgmt/2012/server/transient/filestore")) {
      exchange.drainBody();
      exchange.json(200, Map.of("bytes", exchange.recorded().bodyBytes()));
    } else {
      exchange.json(404, Map.of("status", "not found"));
    }
  }

  private void login(Exchange exchange) {
    String user = exchange.header("user").orElse("");
    String password = exchange.header("password").orElse("");
    WebSessions.Outcome outcome =
        isQuoted(user) && isQuoted(password)
            ? sessions.login(unquoted(user), unquoted(password))
            : new WebSessions.Refused();
    if (outcome instanceof WebSessions.Granted granted) {
      exchange
          .set("XSRF-TOKEN", granted.token())
          .set(
              "Set-Cookie",
              WebSessions.COOKIE + "=" + granted.cookie() + "; Path=/; Secure; HttpOnly")
          .set("Cache-Control", "no-cache")
          .json(201, Map.of("authResult", 0));
    } else if (outcome instanceof WebSessions.Full) {
      exchange.json(503, Map.of("authResult", 5));
    } else {
      exchange.json(options.failedLoginSucceeds() ? 201 : 401, Map.of("authResult", 1));
    }
  }

  private void ticket(Exchange exchange, BmcServer server, String viewer) {
    String location =
        switch (options.ticket()) {
          case EHTML5 -> viewerUrl(server, viewer);
          case PLUGIN_5900 -> pluginUrl(server);
          case EMPTY -> "";
        };
    String json = "{\"Location\":\"" + location + "\"}";
    exchange
        .set("Cache-Control", "no-cache")
        .reply(200, "application/json", options.escapedSlashes() ? json.replace("/", "\\/") : json);
  }

  private String viewerUrl(BmcServer server, String viewer) {
    ConsoleTickets.Pair pair = tickets.issue();
    return "https://%s/restgui/%s/index.html?ip=%s&kvmport=%d&title=%s&VCSID=%s&VCSID2=%s"
        .formatted(
            server.ownAuthority(),
            viewer,
            server.hostInUrl(),
            server.port(),
            title(options),
            pair.first(),
            pair.second());
  }

  private String pluginUrl(BmcServer server) {
    ConsoleTickets.Pair pair = tickets.issue();
    return ("https://%1$s:5900/restgui/html5viewer.html?ip=%1$s&kvmport=5900&title=%2$s"
            + "&ST1=%3$s&ST2=%4$s&F1=1&vm=1&chat=1&custom=0")
        .formatted(server.hostInUrl(), title(options), pair.first(), pair.second());
  }

  /** The viewer's caption, encoded twice as in firmware's own tickets. */
  static String title(Idrac9Options options) {
    return "idrac-%s%%252C%%20PowerEdge%%20R750%%252C%%20User%%253A%%20%s"
        .formatted(options.tag(), options.user());
  }

  private Map<String, Object> info() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("ADEnabled", "Disabled");
    attributes.put("BuildVersion", "30");
    attributes.put("FwVer", "7.10.30.00");
    attributes.put("GUITitleBar", "idrac-" + options.tag());
    attributes.put("IsOEMBranded", "0");
    attributes.put("License", "Enterprise");
    attributes.put("SSOEnabled", "Disabled");
    attributes.put("SecurityPolicyMessage", "Unauthorized use is prohibited.");
    attributes.put("ServerGen", "15G");
    attributes.put("SrvPrcName", "NULL");
    attributes.put("SystemLockdown", "Disabled");
    attributes.put("SystemModelName", "PowerEdge R750");
    attributes.put("TFAEnabled", "Disabled");
    attributes.put("iDRACName", "idrac-" + options.tag());
    return Map.of("Attributes", attributes);
  }

  private static boolean isQuoted(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
  }

  private static String unquoted(String value) {
    return value.substring(1, value.length() - 1);
  }
}
