package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.CompressedFiles;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.Recorder;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The web port, by Appweb 4: the checks of every request, the routes, the files. */
final class Idrac8Site implements BmcServer.Site {

  private static final String DENIED =
      "<html><head><title>Document Error: Bad Request</title></head><body><h2>Access Error: 400 --"
          + " Bad Request</h2></body></html>";

  static final String NO_HOST = "Bad Request. Host IP or name missing.";

  private static final int LONGEST_TARGET = 8 * 1024;
  private static final int MOST_HEADER_LINES = 64;

  /** Scripts and pictures with types that only a browser that looks at the context gets by with. */
  private static final Map<String, String> TYPES =
      Map.of("jsesp", "text/html", "esp", "text/html", "/js/prototype.js", "application/x-gzip");

  private static final Set<String> PUBLIC_FILES =
      Set.of(
          "/favicon.ico",
          "/functions.js",
          "/js/Clarity.js",
          "/js/prototype.js",
          "/login.html",
          "/start.html");

  private static final List<String> PUBLIC_FOLDERS =
      List.of("/css/", "/help/", "/images/", "/locale/", "/public/", "/software/");

  private static final Pattern JNLP =
      Pattern.compile("/viewer\\.jnlp\\(([^@()]+)@[01]@[^@()]*@\\d+@ST1=([0-9a-f]{32})\\)");

  private final Idrac8Options options;
  private final WebSessions sessions;
  private final CompressedFiles files;
  private final MovingPicture picture;
  private final Idrac8Redfish redfish;
  private final AtomicLong previews = new AtomicLong();
  private SessionCalls sessionCalls;
  private DataCalls dataCalls;
  private ManagementCalls managementCalls;
  private String ownAuthority = "";

  Idrac8Site(Idrac8Options options, MovingPicture picture) {
    this.options = options;
    this.picture = picture;
    sessions =
        new WebSessions(
            options.user(), options.password(), options.sessionPool(), Clock.systemUTC());
    files = new CompressedFiles("/sim/idrac8/www", options.tag(), TYPES);
    redfish = new Idrac8Redfish(sessions, options);
  }

  /** Names what is known only once both ports are bound; once, before the first request. */
  void open(String authority, int consolePort, ConsoleLogins logins, Recorder recorder) {
    ownAuthority = authority;
    Guard guard = new Guard(sessions, recorder);
    UnitValues values = new UnitValues(options, consolePort);
    sessionCalls = new SessionCalls(guard, values, logins, options);
    dataCalls = new DataCalls(sessions, guard, values, options);
    managementCalls = new ManagementCalls(guard, options);
  }

  /** Web sessions in use. */
  int sessionsInUse() {
    return sessions.count();
  }

  /** Firmware that was uploaded, in order. */
  List<FirmwareImage> images() {
    return managementCalls.images();
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    exchange.set("Strict-Transport-Security", "max-age=63072000");
    exchange.set("X-Frame-Options", "SAMEORIGIN");
    if (isRefused(exchange)) {
      return;
    }
    if (options.earlyCookie() && exchange.cookie(WebSessions.COOKIE).isEmpty()) {
      exchange.set(
          "Set-Cookie",
          WebSessions.COOKIE + "=" + sessions.newCookie() + "; path=/; secure; httponly");
    }
    String path = exchange.path();
    if (path.equals("/") || path.equals("/console")) {
      toStart(exchange, path.equals("/") ? "" : "?console");
    } else if (path.equals("/session")) {
      sessionCalls.answer(exchange);
    } else if (path.equals("/data") || path.startsWith("/data/")) {
      dataCalls.answer(exchange);
    } else if (path.startsWith("/sysmgmt/")) {
      managementCalls.answer(exchange);
    } else if (path.startsWith("/redfish")) {
      redfish.answer(exchange);
    } else if (path.equals("/capconsole/scapture0.png")) {
      preview(exchange);
    } else if (!isPublic(path) && sessions.byCookie(exchange).isEmpty()) {
      toStart(exchange, "");
    } else if (path.startsWith("/viewer.jnlp")) {
      jnlp(exchange);
    } else {
      files.answer(exchange);
    }
  }

  private boolean isRefused(Exchange exchange) {
    String host = exchange.header("Host").orElse("");
    if (exchange.recorded().target().length() > LONGEST_TARGET) {
      exchange.closing().reply(414, "text/html", "<h2>Access Error: 414</h2>");
    } else if (exchange.recorded().headers().size() > MOST_HEADER_LINES) {
      exchange.closing().reply(413, "text/html", "<h2>Access Error: 413</h2>");
    } else if (!isOwn(host)) {
      exchange.reply(400, "text/html", DENIED);
    } else if (exchange.header("Transfer-Encoding").isPresent()) {
      exchange.closing().reply(411, "text/html", "<h2>Access Error: 411</h2>");
    } else {
      return false;
    }
    return true;
  }

  private boolean isOwn(String host) {
    return switch (options.hostCheck()) {
      case OFF -> !host.isEmpty();
      case ADDRESS -> host.equals(ownAuthority);
      case ADDRESS_AND_NAME ->
          host.equals(ownAuthority)
              || host.replaceFirst(":\\d+$", "").equalsIgnoreCase(options.hostName());
    };
  }

  private static boolean isPublic(String path) {
    return PUBLIC_FILES.contains(path) || PUBLIC_FOLDERS.stream().anyMatch(path::startsWith);
  }

  /** To the entry page, by an address made from the request's own {@code Host}. */
  private static void toStart(Exchange exchange, String query) {
    String start = "https://" + exchange.header("Host").orElseThrow() + "/start.html" + query;
    exchange
        .set("Location", start)
        .set("Vary", "Accept-Encoding")
        .set("Accept-Ranges", "bytes")
        .reply(
            302,
            "application/x-gzip",
            ("<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\r\n<html><head><title>Moved"
                    + " Temporarily</title></head>\r\n<body><h1>Moved Temporarily</h1>\r\n<p>The"
                    + " document has moved <a href=\"%s\">here</a>.</p></body></html>")
                .formatted(start));
  }

  private void preview(Exchange exchange) {
    if (sessions.byCookie(exchange).isEmpty()) {
      Guard.refuse(exchange);
      return;
    }
    exchange.set("Cache-Control", "no-cache");
    exchange.reply(
        200, "image/png", picture.png(previews.addAndGet(/* delta= */ 7), /* divisor= */ 2));
  }

  /** The Java viewer's start file; every argument stands in the path, as it is. */
  private void jnlp(Exchange exchange) {
    Matcher arguments = JNLP.matcher(exchange.recorded().target());
    boolean own =
        arguments.matches()
            && sessions
                .byCookie(exchange)
                .filter(session -> session.st1().equals(arguments.group(2)))
                .isPresent();
    if (!own) {
      exchange.reply(404, "text/html", "<h2>Access Error: 404</h2>");
      return;
    }
    exchange.reply(
        200,
        "application/x-java-jnlp-file",
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<jnlp codebase=\"https://%1$s:443\""
                + " spec=\"1.0+\"><application-desc><argument>ip=%1$s</argument>"
                + "<argument>kmport=5900</argument><argument>vport=5900</argument>"
                + "</application-desc></jnlp>\n")
            .formatted(arguments.group(1)));
  }
}
