package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.CompressedFiles;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What stands before and between an iDRAC9's services: the checks of every request, the routes. */
final class Idrac9Site implements BmcServer.Site {

  private static final String BAD_REQUEST =
      "<html><head><title>400 Bad Request</title></head><body><h1>Bad Request</h1></body></html>";

  /** What the old plug-in opens to see that the certificate is accepted; no page of the GUI. */
  private static final String CERTIFICATE_ACCEPTED =
      """
      <script>onmessage = (event) => {
        event.source.postMessage('Hello', event.origin);
        close();
      }</script>
      """;

  /** Headers that old firmware refuses outright. */
  private static final Set<String> UNACCEPTABLE =
      Set.of("forwarded", "via", "x-forwarded", "x-host", "x-real-ip");

  private final CompressedFiles files;
  private final Idrac9Sockets sockets;
  private final Idrac9Management management;
  private final Idrac9Redfish redfish;
  private final WebSessions sessions;
  private final MovingPicture picture;
  private final Idrac9Options options;
  private BmcServer server;
  private long previews;

  Idrac9Site(Idrac9Options options) {
    this.options = options;
    files = new CompressedFiles("/sim/idrac9", options.tag());
    sessions =
        new WebSessions(
            options.user(), options.password(), options.sessionPool(), Clock.systemUTC());
    ConsoleTickets tickets = new ConsoleTickets();
    picture =
        new MovingPicture(
            1024,
            768,
            options.tag(),
            List.of("POWEREDGE R750", "IDRAC9 7.10.30.00", "CONFIGURING MEMORY ... DONE"));
    sockets = new Idrac9Sockets(tickets, picture, options);
    management = new Idrac9Management(sessions, tickets, options);
    redfish = new Idrac9Redfish(sessions, tickets, options);
  }

  /** Names the server that this site answers for; once, before the first request. */
  void serveOn(BmcServer bmcServer) {
    server = bmcServer;
  }

  /** Web sessions in use. */
  int sessionsInUse() {
    return sessions.count();
  }

  @Override
  public void answer(Exchange exchange) {
    exchange.set("Server", "Apache");
    exchange.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload");
    exchange.set("X-Frame-Options", "DENY");
    if (isRefused(exchange)) {
      return;
    }
    String path = exchange.path();
    if (path.equals("/")) {
      String start = "/restgui/start.html";
      exchange.set("Location", located(exchange, start)).empty(302);
    } else if (path.startsWith("/restgui/")) {
      gui(exchange);
    } else if (path.startsWith("/vnc/")) {
      sockets.answer(exchange, server);
    } else if (path.startsWith("/sysmgmt/")) {
      management.answer(exchange, server);
    } else if (path.startsWith("/redfish")) {
      redfish.answer(exchange);
    } else if (path.equals("/capconsole/scapture0.png")) {
      preview(exchange);
    } else if (path.equals("/console")) {
      console(exchange);
    } else if (path.equals("/index.html")) {
      exchange.reply(200, "text/html", CERTIFICATE_ACCEPTED);
    } else {
      exchange.reply(404, "text/html", "<html><body><h1>404 Not Found</h1></body></html>");
    }
  }

  private boolean isRefused(Exchange exchange) {
    if (!exchange.header("Host").filter(server.ownAuthority()::equals).isPresent()) {
      if (exchange.path().startsWith("/redfish")) {
        exchange.json(400, Idrac9Redfish.queryNotSupported());
      } else {
        exchange.reply(400, "text/html", BAD_REQUEST);
      }
      return true;
    }
    if (options.strictHeaders() && hasUnacceptableHeader(exchange)) {
      exchange.reply(400, "text/plain", "Unacceptable header specified in request");
      return true;
    }
    if (exchange.header("Transfer-Encoding").isPresent()) {
      exchange.closing().reply(411, "text/html", "<h1>Length Required</h1>");
      return true;
    }
    return false;
  }

  private static boolean hasUnacceptableHeader(Exchange exchange) {
    return exchange.recorded().headers().stream()
        .map(header -> header.name().toLowerCase(Locale.ROOT))
        .anyMatch(name -> UNACCEPTABLE.contains(name) || name.startsWith("x-forwarded-"));
  }

  private void gui(Exchange exchange) {
    exchange.set("X-Frame-Options", "SAMEORIGIN");
    exchange.set("X-Content-Type-Options", "nosniff");
    exchange.set(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data: blob:; script-src 'self' 'unsafe-inline'; "
            + "style-src 'self' 'unsafe-inline'; connect-src 'self' wss:; object-src 'none'");
    if (exchange.path().equals("/restgui/")) {
      exchange.reply(403, "text/html", "<html><body><h1>403 Forbidden</h1></body></html>");
    } else {
      files.answer(exchange);
    }
  }

  private void preview(Exchange exchange) {
    if (!sessions.hasCookie(exchange) && !sessions.allows(exchange)) {
      exchange.reply(401, "text/html", "<h1>Unauthorized</h1>");
      return;
    }
    exchange.set("Cache-Control", "no-cache");
    exchange.reply(200, "image/png", picture.png(nextPreview(), /* divisor= */ 2));
  }

  private synchronized long nextPreview() {
    previews += 7;
    return previews;
  }

  /** A console without the dashboard: the temporary user and password are a ticket's two keys. */
  private void console(Exchange exchange) {
    String target =
        "/restgui/vconsole/index.html?ip=%s&kvmport=%d&title=%s&VCSID=%s&VCSID2=%s"
            .formatted(
                server.hostInUrl(),
                server.port(),
                Idrac9Management.title(options),
                exchange.query("tempUsername").orElse(""),
                exchange.query("tempPassword").orElse(""));
    exchange.set("Location", located(exchange, target)).empty(302);
  }

  private String located(Exchange exchange, String path) {
    return options.absoluteLocations()
        ? "https://" + exchange.header("Host").orElseThrow() + path
        : path;
  }
}
