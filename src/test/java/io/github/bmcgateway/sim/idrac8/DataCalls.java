package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /data}: login, logout and values, all answered with XML. */
final class DataCalls {

  private static final int OK = 0;
  private static final int BAD_CREDENTIALS = 1;
  private static final int NO_USER = 2;
  private static final int SESSIONS_EXHAUSTED = 5;

  private static final int LARGEST_FORM = 32 * 1024;

  /** The fields are told apart by their place, not by their name. */
  private static final Pattern CREDENTIALS = Pattern.compile("user=([^&]*)&password=([^&]*)");

  private static final Set<String> PUBLIC_NAMES =
      Set.of("netMode", "prodClassName", "prodServerGen");

  private final WebSessions sessions;
  private final Guard guard;
  private final UnitValues values;
  private final Idrac8Options options;

  DataCalls(WebSessions sessions, Guard guard, UnitValues values, Idrac8Options options) {
    this.sessions = sessions;
    this.guard = guard;
    this.values = values;
    this.options = options;
  }

  void answer(Exchange exchange) throws IOException {
    switch (exchange.path()) {
      case "/data/login" -> login(exchange);
      case "/data/logout" -> logout(exchange);
      case "/data" -> get(exchange);
      default -> exchange.reply(404, "text/html", "<h2>Access Error: 404</h2>");
    }
  }

  private void login(Exchange exchange) throws IOException {
    if (!exchange.method().equals("POST")) {
      exchange.reply(405, "text/html", "<h2>Access Error: 405</h2>");
      return;
    }
    try (InputStream body = exchange.body()) {
      byte[] form = body.readNBytes(LARGEST_FORM + 1);
      if (form.length > LARGEST_FORM) {
        exchange.closing().reply(413, "text/html", "<h2>Access Error: 413</h2>");
        return;
      }
      login(exchange, CREDENTIALS.matcher(new String(form, StandardCharsets.ISO_8859_1)));
    }
  }

  private void login(Exchange exchange, Matcher form) {
    if (!form.lookingAt()) {
      failed(exchange, NO_USER, "User name is missing");
      return;
    }
    Optional<String> early =
        options.earlyCookie() ? exchange.cookie(WebSessions.COOKIE) : Optional.empty();
    WebSessions.Outcome outcome =
        sessions.login(decoded(form.group(1)), decoded(form.group(2)), early);
    if (outcome instanceof WebSessions.Granted granted) {
      loggedIn(exchange, granted.session());
    } else if (outcome instanceof WebSessions.Full) {
      failed(exchange, SESSIONS_EXHAUSTED, "The maximum number of user sessions has been reached!");
    } else {
      failed(exchange, BAD_CREDENTIALS, "Login failed");
    }
  }

  private void loggedIn(Exchange exchange, WebSession session) {
    String domain =
        options.cookieDomain()
            ? "; domain=" + exchange.header("Host").orElseThrow().replaceFirst(":\\d+$", "")
            : "";
    if (!options.earlyCookie()) {
      exchange.set(
          "Set-Cookie",
          "%s=%s; path=/%s; secure; httponly"
              .formatted(WebSessions.COOKIE, session.cookie(), domain));
    }
    xml(
        exchange,
        "<status>ok</status> <authResult>%d</authResult> <forwardUrl>index.html?ST1=%s,ST2=%s</forwardUrl>"
            .formatted(OK, session.st1(), session.st2()));
  }

  private void failed(Exchange exchange, int result, String message) {
    xml(
        exchange,
        "<status>ok</status> <authResult>%d</authResult> <forwardUrl>index.html</forwardUrl> <errorMsg>%s</errorMsg>"
            .formatted(result, message));
  }

  /** Before a login the login page calls it too, to end what an earlier visit left behind. */
  private void logout(Exchange exchange) {
    exchange.drainBody();
    sessions.byCookie(exchange).ifPresent(session -> sessions.logout(session.id()));
    xml(exchange, "<status>ok</status>");
  }

  private void get(Exchange exchange) {
    exchange.drainBody();
    List<String> names = names(exchange);
    if (!PUBLIC_NAMES.containsAll(names) && guard.caller(exchange).isEmpty()) {
      Guard.refuse(exchange);
      return;
    }
    String elements =
        names.stream()
            .map(name -> "<%1$s>%2$s</%1$s> ".formatted(name, values.text(name)))
            .collect(Collectors.joining());
    String branded = names.contains("prodServerGen") ? "<isDellBranded>1</isDellBranded> " : "";
    xml(exchange, elements + branded + "<status>ok</status>");
  }

  /** The names asked for: a trailing comma is in order, an argument in brackets isn't a name. */
  private static List<String> names(Exchange exchange) {
    return exchange.query("get").stream()
        .flatMap(names -> Stream.of(names.split(",")))
        .map(name -> name.replaceFirst("\\[.*", ""))
        .filter(name -> name.matches("[A-Za-z]\\w*"))
        .distinct()
        .toList();
  }

  private static void xml(Exchange exchange, String elements) {
    exchange
        .set("Cache-Control", "no-cache")
        .reply(
            200,
            "text/xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?> <root> " + elements + " </root>");
  }

  private static String decoded(String field) {
    return URLDecoder.decode(field, StandardCharsets.UTF_8);
  }
}
