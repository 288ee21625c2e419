package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.ilo5.Ilo5Sessions.Session;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.DateGenerator;

/** What stands before and between an iLO 5's services: the checks of every request, the routes. */
final class Ilo5Site implements BmcServer.Site {

  private static final Duration CLOCK_ERROR = Duration.ofHours(11);

  /** The answer to a reset is on its way before connections are cut. */
  private static final long RESET_AFTER_MILLIS = 200;

  private final Ilo5Options options;
  private final Clock clock;
  private final Ilo5Sessions sessions;
  private final Ilo5Firmware firmware;
  private final Ilo5Rules rules;
  private final Ilo5Files files;
  private final Ilo5Json json;
  private final Ilo5Redfish redfish;
  private final Ilo5Uploads uploads;
  private final Ilo5Sockets sockets;
  private final Ilo5Extras extras;
  private BmcServer server;

  Ilo5Site(Ilo5Options options, Clock clock) {
    this.options = options;
    this.clock = clock;
    Ilo5Answers answers = new Ilo5Answers(options);
    MovingPicture picture =
        new MovingPicture(
            1024,
            768,
            options.tag(),
            List.of("PROLIANT DL380 GEN10", "ILO 5 2.78", "STARTING DRIVERS. PLEASE WAIT..."));
    sessions = new Ilo5Sessions(options, clock);
    firmware = new Ilo5Firmware(options.flashTime(), clock);
    rules = new Ilo5Rules(options, sessions);
    files = new Ilo5Files(options);
    json = new Ilo5Json(sessions, answers, options, this::reset);
    redfish = new Ilo5Redfish(sessions, firmware, json, answers, options, this::reset);
    uploads = new Ilo5Uploads(sessions, firmware, this::flash);
    sockets = new Ilo5Sockets(sessions, json, picture, options);
    extras = new Ilo5Extras(picture, json, options);
  }

  /** Names the server that this site answers for; once, before the first request. */
  void serveOn(BmcServer bmcServer) {
    server = bmcServer;
  }

  Ilo5Sessions sessions() {
    return sessions;
  }

  Ilo5Firmware firmware() {
    return firmware;
  }

  /** Loses every session and refuses connections for a while. */
  void reset() {
    sockets.endConsoles("reset");
    sessions.logoutAll();
    CompletableFuture.delayedExecutor(RESET_AFTER_MILLIS, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              try {
                server.restart(options.resetTime());
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /** Writes new firmware, then resets. */
  private void flash() {
    sockets.endConsoles("firmware update");
    CompletableFuture.delayedExecutor(options.flashTime().toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::reset);
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    exchange.set("X-Frame-Options", "sameorigin");
    if (options.has(Ilo5Quirk.WRONG_DATE)) {
      long wrong = clock.instant().plus(CLOCK_ERROR).toEpochMilli();
      exchange.set("Date", DateGenerator.formatDate(wrong));
    }
    if (options.has(Ilo5Quirk.SERVER_HEADER)) {
      exchange.set("Server", "HPE-iLO-Server/1.30");
    }
    rules.check(exchange, server.recorder());
    if (!isRefused(exchange)) {
      route(exchange);
    }
  }

  private boolean isRefused(Exchange exchange) {
    boolean known = exchange.header("Host").filter(server.ownAuthority()::equals).isPresent();
    if (options.has(Ilo5Quirk.STRICT_HOST) && !known && !exchange.path().equals("/ribcl")) {
      exchange.closing().reply(400, "text/plain", "Bad Request");
    } else if (options.has(Ilo5Quirk.STRICT_ORIGIN) && isFromElsewhere(exchange)) {
      exchange.closing().reply(403, "text/plain", "Forbidden");
    } else if (options.has(Ilo5Quirk.REFUSE_EXPECT) && exchange.header("Expect").isPresent()) {
      exchange.closing().empty(417);
    } else if (options.has(Ilo5Quirk.REFUSE_CHUNKED)
        && exchange.header("Transfer-Encoding").isPresent()) {
      exchange.closing().empty(411);
    } else {
      return false;
    }
    return true;
  }

  private boolean isFromElsewhere(Exchange exchange) {
    String own = "https://" + server.ownAuthority();
    return exchange.header("Origin").filter(origin -> !origin.equals(own)).isPresent()
        || exchange
            .header("Referer")
            .filter(referer -> !referer.equals(own) && !referer.startsWith(own + "/"))
            .isPresent();
  }

  private void route(Exchange exchange) throws IOException {
    String path = exchange.path();
    if (path.startsWith("/json/")) {
      checkFlashing(exchange, path.equals(Ilo5Json.LOGIN) ? "POST" : "");
      json.answer(exchange);
    } else if (path.startsWith("/redfish") || path.startsWith("/rest/")) {
      checkFlashing(exchange, "DELETE");
      redfish.answer(exchange);
    } else if (path.startsWith("/sse/")) {
      events(exchange);
    } else if (path.startsWith("/wss/")) {
      sockets.answer(exchange, server);
    } else if (path.startsWith("/cgi-bin/")) {
      uploads.answer(exchange);
    } else if (!extras.answer(exchange)) {
      files.answer(exchange);
    }
  }

  private void checkFlashing(Exchange exchange, String logout) {
    if (firmware.isFlashing() && exchange.method().equals(logout)) {
      server.recorder().violation("Logout while firmware is written (" + exchange.path() + ")");
    }
  }

  private void events(Exchange exchange) {
    Optional<Session> session = json.session(exchange);
    if (session.isEmpty()) {
      exchange.reply(403, "text/plain", "Forbidden");
      return;
    }
    String key = session.get().key();
    exchange.set("Cache-Control", "no-cache");
    exchange.events(
        options.eventInterval(),
        number -> event(exchange.path(), number),
        () -> sessions.find(key).isPresent());
  }

  private String event(String path, long number) {
    String data =
        path.equals("/sse/flash")
            ? "{\"state\":\"%s\",\"percent\":%d}".formatted(firmware.state(), firmware.percent())
            : "{\"unit\":\"%s\",\"number\":%d}".formatted(options.tag(), number);
    return "id: " + number + "\ndata: " + data + "\n\n";
  }
}
