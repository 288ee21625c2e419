package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.Recorder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code /api}: what the pages talk to. */
final class RestApi {

  private static final String SERVICE_SESSIONS = "/api/settings/service-sessions";
  private static final String USERS = "/api/settings/users";

  private final AsrockrackOptions options;
  private final WebSessions sessions;
  private final ServiceSessions services;
  private final ConsoleTokens tokens;
  private final FlashMode flash;
  private final Map<Integer, String> userNames = new ConcurrentHashMap<>();
  private Recorder recorder = new Recorder();

  RestApi(
      AsrockrackOptions options,
      WebSessions sessions,
      ServiceSessions services,
      ConsoleTokens tokens,
      FlashMode flash) {
    this.options = options;
    this.sessions = sessions;
    this.services = services;
    this.tokens = tokens;
    this.flash = flash;
    userNames.put(2, options.user());
  }

  void recordTo(Recorder record) {
    recorder = record;
  }

  Answer.Reply answer(WireRequest request) throws IOException {
    if (request.call().equals("POST /api/session")) {
      return login(request);
    }
    Optional<WebSessions.Session> session = sessions.of(request);
    if (session.isEmpty()) {
      return ApiHeaders.json(401, JsonText.object("cc", 7, "error", "Invalid Authentication"));
    }
    if (request.call().equals("DELETE /api/session")) {
      return logout(session.get());
    }
    if (request.path().equals("/api/maintenance/reset")) {
      flash.reset();
      sessions.closeAll();
      return ApiHeaders.json(200, Map.of("cc", 0));
    }
    if (FlashMode.owns(request.path())) {
      return flash.answer(request);
    }
    return flash.isOn() ? busy(403) : information(request);
  }

  private Answer.Reply login(WireRequest request) throws IOException {
    String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith("application/x-www-form-urlencoded")) {
      return Answer.Reply.page(403);
    }
    if (flash.isOn()) {
      return busy(401);
    }
    String form = request.bodyText();
    if (!sessions.isRight(field(request, form, "username"), field(request, form, "password"))) {
      return ApiHeaders.json(401, JsonText.object("error", "Could not login", "code", 15000));
    }
    return sessions.open(request.remoteAddress()).map(this::granted).orElseGet(RestApi::full);
  }

  private static Answer.Reply busy(int status) {
    return ApiHeaders.json(
        status, JsonText.object("error", "Firmware update is running", "code", 17000));
  }

  private static Answer.Reply full() {
    return ApiHeaders.json(
        401, JsonText.object("error", "Maximum number of sessions already in use", "code", 15001));
  }

  /** AMI's form reader keeps cookies and fields in one table, cookies first. */
  private String field(WireRequest request, String form, String name) {
    Optional<String> cookie =
        request.recorded().values("Cookie").stream()
            .flatMap(line -> Stream.of(line.split("; *")))
            .filter(pair -> pair.startsWith(name + "="))
            .map(pair -> pair.substring(name.length() + 1))
            .findFirst();
    return cookie
        .filter(value -> options.has(Quirk.COOKIES_OVERRIDE_FORM))
        .or(() -> WireRequest.field(form, name))
        .orElse("");
  }

  private Answer.Reply granted(WebSessions.Session session) {
    return ApiHeaders.json(
            200,
            JsonText.object(
                "ok", 0,
                "privilege", 4,
                "extendedpriv", 259,
                "racsession_id", session.id(),
                "remote_addr", session.address(),
                "server_name", options.host(),
                "server_addr", options.host(),
                "HTTPSEnabled", 1,
                "CSRFToken", session.token(),
                "channel", 1,
                "passwordStatus", 0,
                "user_id", 2))
        .with("Set-Cookie", "QSESSIONID=" + session.cookie() + "; path=/; secure;HttpOnly");
  }

  /** Whoever flashes must keep the session: no other can be had until the unit restarts. */
  private Answer.Reply logout(WebSessions.Session session) {
    if (flash.isOn()) {
      recorder.violation("A session was logged out while firmware is being flashed");
    }
    sessions.close(session);
    return ApiHeaders.json(200, Map.of("ok", 0));
  }

  private Answer.Reply information(WireRequest request) throws IOException {
    String path = request.path();
    if (request.method().equals("DELETE") && path.startsWith(SERVICE_SESSIONS + "/")) {
      services.delete(number(path));
      return ApiHeaders.json(200, Map.of("cc", 0));
    }
    if (request.method().equals("PUT") && path.startsWith(USERS + "/")) {
      String name = JsonText.parse(request.bodyText()).path("name").asText("");
      userNames.put(number(path), name);
      return ApiHeaders.json(200, JsonText.object("id", number(path), "name", name));
    }
    return switch (request.call()) {
      case "GET " + SERVICE_SESSIONS -> serviceSessions(request);
      case "GET " + USERS ->
          ApiHeaders.json(200, IntStream.rangeClosed(1, 10).mapToObj(this::user).toList());
      case "GET /api/kvm/token", "POST /api/kvm/token" -> token(request);
      case "GET /api/settings/media/h5viewercfg" -> viewerSettings(request);
      default -> fixed(request);
    };
  }

  private Answer.Reply fixed(WireRequest request) {
    Optional<Object> body =
        request.method().equals("GET")
            ? BoardFacts.at(request.path(), options.tag())
            : Optional.empty();
    return body.map(value -> ApiHeaders.json(200, value))
        .orElseGet(() -> ApiHeaders.json(404, JsonText.object("error", "Not found", "code", 404)));
  }

  private static int number(String path) {
    return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
  }

  private Answer.Reply serviceSessions(WireRequest request) {
    int service = request.query("service_id").map(Integer::parseInt).orElse(0);
    return ApiHeaders.json(200, services.list(service, options.user()));
  }

  private Map<String, Object> user(int id) {
    String name = userNames.getOrDefault(id, id == 1 ? "anonymous" : "");
    boolean known = id > 1 && !name.isEmpty();
    return JsonText.object(
        "id", id,
        "name", name,
        "access", known ? 1 : 0,
        "kvm", known ? 1 : 0,
        "vmedia", known ? 1 : 0,
        "network_privilege", known ? "administrator" : "none");
  }

  private Answer.Reply token(WireRequest request) {
    ConsoleTokens.Issued issued = tokens.issue(request.remoteAddress());
    return ApiHeaders.json(
        200,
        JsonText.object(
            "client_ip", issued.clientIp(),
            "token", issued.token(),
            "session", issued.session()));
  }

  private Answer.Reply viewerSettings(WireRequest request) {
    ConsoleTokens.Issued issued = tokens.issue(request.remoteAddress());
    return ApiHeaders.json(
        200,
        JsonText.object(
            "token", issued.token(),
            "session", issued.session(),
            "client_ip", issued.clientIp(),
            "server_ip", issued.serverIp(),
            "kvm_service_status", 1,
            "num_cd", 1,
            "num_hd", 1,
            "features", List.of()));
  }
}
