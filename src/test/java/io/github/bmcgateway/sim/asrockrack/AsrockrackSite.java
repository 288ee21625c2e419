package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.Recorder;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What stands before and between the unit's services: the checks of every request, the routes. */
final class AsrockrackSite implements WireServer.Site {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
  private static final Set<String> SOCKETS =
      Set.of("/kvm", "/cd-server", "/hdd-server", "/fd-server", "/sol", "/h5sol");

  private final AsrockrackOptions options;
  private final Clock clock;
  private final StaticFiles files;
  private final WebSessions sessions;
  private final FlashMode flash;
  private final RestApi api;
  private final RedfishApi redfish;
  private final Sockets sockets;
  private Recorder recorder = new Recorder();
  private String ownAuthority = "";

  AsrockrackSite(AsrockrackOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
    files = new StaticFiles(options.tag());
    sessions = new WebSessions(options, clock);
    flash = new FlashMode(options);
    ServiceSessions services = new ServiceSessions(sessions, clock);
    ConsoleTokens tokens = new ConsoleTokens(sessions, options);
    api = new RestApi(options, sessions, services, tokens, flash);
    redfish = new RedfishApi(options, sessions, clock);
    sockets = new Sockets(options, sessions, services, tokens);
  }

  /** Names the server that this site answers for; once, before the first request. */
  void serveOn(WireServer server) {
    recorder = server.recorder();
    ownAuthority = server.ownAuthority();
    api.recordTo(recorder);
    redfish.recordTo(recorder);
  }

  WebSessions sessions() {
    return sessions;
  }

  RedfishApi redfish() {
    return redfish;
  }

  FlashMode flash() {
    return flash;
  }

  @Override
  public Answer answer(WireRequest request) throws IOException {
    check(request.recorded());
    Answer answer = route(request);
    return answer instanceof Answer.Reply reply
        ? reply
            .with("Date", ZonedDateTime.now(clock.withZone(ZoneOffset.UTC)).format(DATE))
            .with("Server", "lighttpd")
        : answer;
  }

  private Answer route(WireRequest request) throws IOException {
    String path = request.path();
    if (isSocket(request)) {
      return sockets.answer(request);
    }
    if (isBadHost(request.recorded().values("Host"))) {
      return Answer.Reply.page(400).closing();
    }
    if (request.header("Expect").isPresent() && options.has(Quirk.REFUSES_EXPECT)) {
      return Answer.Reply.page(417).closing();
    }
    if (request.isChunked() && options.has(Quirk.REFUSES_CHUNKED)) {
      return ApiHeaders.json(411, JsonText.object("cc", 5));
    }
    if (request.method().equals("POST")
        && !request.isChunked()
        && request.header("Content-Length").isEmpty()) {
      return Answer.Reply.page(411).closing();
    }
    if (path.equals("/") && request.hasQuery() && options.has(Quirk.ROOT_QUERY_MISSING)) {
      return Answer.Reply.page(404);
    }
    if (path.startsWith("/api/")) {
      return api.answer(request);
    }
    return path.startsWith("/redfish") ? redfish.answer(request) : files.answer(request);
  }

  /** With a name in another case the module doesn't see an upgrade; the path then has no file. */
  private boolean isSocket(WireRequest request) {
    return SOCKETS.contains(request.path())
        && request.isUpgrade(options.has(Quirk.CASE_SENSITIVE_UPGRADE));
  }

  private boolean isBadHost(List<String> hosts) {
    return hosts.size() != 1
        || hosts.get(0).isEmpty()
        || (hosts.get(0).contains("_") && options.has(Quirk.STRICT_HOST));
  }

  /** What the unit takes, but no gateway should send. */
  private void check(RecordedRequest request) {
    String where = " (" + request + ")";
    if (options.has(Quirk.OWN_HOST) && !request.values("Host").equals(List.of(ownAuthority))) {
      recorder.violation("Host isn't the unit's own: " + request.values("Host") + where);
    }
    if (options.has(Quirk.ONLY_SESSION_COOKIE)) {
      request.values("Cookie").stream()
          .flatMap(line -> Stream.of(line.split("; *")))
          .map(pair -> pair.split("=", 2)[0])
          .filter(name -> !name.equals(WebSessions.COOKIE))
          .forEach(name -> recorder.violation("Foreign cookie " + name + where));
    }
    if (request.path().equals("/") && request.target().contains("?")) {
      recorder.violation("A query on the root" + where);
    }
  }
}
