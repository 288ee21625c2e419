package io.github.bmcgateway.sim.openbmc;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.CompressedFiles;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.openbmc.Sessions.Session;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What bmcweb does with every request: headers, sessions, routes. */
final class OpenbmcSite implements BmcServer.Site {

  /** How many consoles fit; one more is closed as soon as it is open. */
  private static final int CONSOLES = 4;

  private static final Map<String, String> PAGE_HEADERS =
      Map.of(
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Permissions-Policy", "camera=(), fullscreen=(), geolocation=(), microphone=(), usb=()",
          "Cross-Origin-Embedder-Policy", "require-corp",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Content-Security-Policy",
              "default-src 'none'; img-src 'self' data:; font-src 'self'; style-src 'self'; "
                  + "script-src 'self'; connect-src 'self' wss:; form-action 'none'; "
                  + "frame-ancestors 'none'; object-src 'none'; base-uri 'none'");

  private final OpenbmcOptions options;
  private final Sessions sessions = new Sessions();
  private final CompressedFiles files;
  private final Redfish redfish;
  private final MovingPicture picture;
  private final AtomicInteger consoles = new AtomicInteger();
  private BmcServer server;

  OpenbmcSite(OpenbmcOptions options) {
    this.options = options;
    files = new CompressedFiles("/sim/openbmc/web", options.tag());
    redfish = new Redfish(sessions, options);
    picture =
        new MovingPicture(
            800, 600, options.tag(), List.of("OPENBMC 2.18", "STARTING. PLEASE WAIT..."));
  }

  /** Names the server that this site answers for; once, before the first request. */
  void serveOn(BmcServer bmcServer) {
    server = bmcServer;
  }

  int sessionsInUse() {
    return sessions.count();
  }

  List<Upload> uploads() {
    return redfish.uploads();
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    exchange
        .set("Strict-Transport-Security", "max-age=31536000; includeSubdomains")
        .set("Pragma", "no-cache")
        .set("Cache-Control", "no-store, max-age=0")
        .set("X-Content-Type-Options", "nosniff");
    String path = exchange.path();
    if (exchange.header("Upgrade").isPresent()) {
      socket(exchange);
    } else if (path.equals("/login")) {
      logIn(exchange);
    } else if (path.equals("/logout")) {
      logOut(exchange);
    } else if (path.equals("/redfish") || path.startsWith("/redfish/")) {
      redfish.answer(exchange);
    } else {
      file(exchange);
    }
  }

  private void socket(Exchange exchange) {
    Optional<Session> session = sessions.ofUpgrade(exchange);
    if (session.isEmpty()) {
      exchange.json(401, Map.of("error", "Unauthorized"));
    } else if (exchange.path().matches("/kvm/0/?")) {
      boolean fits = consoles.incrementAndGet() <= CONSOLES;
      server.upgrade(
          exchange,
          session.get().xsrf(),
          new ConsoleSocket(picture, options, fits, consoles::decrementAndGet));
    } else {
      exchange.reply(404, "text/plain", "Not Found");
    }
  }

  private void logIn(Exchange exchange) throws IOException {
    JsonNode data = Redfish.body(exchange).path("data");
    if (!exchange.method().equals("POST")) {
      exchange.empty(405);
    } else if (data.size() != 2) {
      exchange.empty(400);
    } else if (!redfish.isRight(data.get(0).asText(), data.get(1).asText())) {
      exchange.empty(401);
    } else {
      Session session = sessions.open();
      exchange.add("Set-Cookie", cookie(Sessions.XSRF_COOKIE, session.xsrf(), ""));
      exchange.add("Set-Cookie", cookie(Sessions.COOKIE, session.token(), "; HttpOnly"));
      exchange.json(200, done("in"));
    }
  }

  private void logOut(Exchange exchange) {
    exchange.drainBody();
    Optional<Session> session = sessions.of(exchange);
    if (!exchange.method().equals("POST")) {
      exchange.empty(405);
    } else if (session.isEmpty()) {
      exchange.json(401, Map.of("error", "Unauthorized"));
    } else {
      sessions.close(session.get());
      String gone = "; expires=Thu, 01 Jan 1970 00:00:00 GMT";
      exchange.add("Set-Cookie", cookie(Sessions.COOKIE, "", "; HttpOnly" + gone));
      exchange.json(200, done("out"));
    }
  }

  private Map<String, String> done(String direction) {
    String data = "User '" + options.user() + "' logged " + direction;
    return Map.of("data", data, "message", "200 OK", "status", "ok");
  }

  private static String cookie(String name, String value, String more) {
    return name + "=" + value + "; Path=/; SameSite=Strict; Secure" + more;
  }

  /** Pages and assets are open to everybody, and compressed whether asked for or not. */
  private void file(Exchange exchange) {
    String path = exchange.path().equals("/") ? "/index.html" : exchange.path();
    boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    Optional<CompressedFiles.File> found = reads ? files.find(path) : Optional.empty();
    if (found.isEmpty()) {
      exchange.drainBody();
      exchange.reply(404, "text/plain", "Not Found");
      return;
    }
    if (found.get().type().startsWith("text/html")) {
      PAGE_HEADERS.forEach(exchange::set);
    }
    exchange
        .set("ETag", found.get().etag())
        .set("Content-Encoding", "gzip")
        .reply(200, found.get().type(), found.get().gzip());
  }
}
