package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.Exchange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /session?<call>=<name>,<name>}: JSON with blanks where nobody else puts them, numbers as
 * numbers, truth values as texts, and the language of the answer in a header that the pages can't
 * do without.
 */
final class SessionCalls {

  private static final Set<String> BEFORE_LOGIN =
      Set.of("aimGetIntProp", "aimGetBoolProp", "aimGetProp", "getDomainNames");

  /** Names that may be asked for before a login: those that the entry pages need. */
  private static final Set<String> PUBLIC_NAMES =
      Set.of(
          "OEMHostName",
          "fwVersion",
          "fwVersionFull",
          "gui_int_login_security_message",
          "gui_str_title_bar",
          "hostname",
          "pam_bool_sso_enabled",
          "pam_int_ldap_enable_mode",
          "pam_int_smartcard_mode",
          "scl_int_enabled",
          "sysDesc",
          "tfa_int_enabled");

  private final Guard guard;
  private final UnitValues values;
  private final ConsoleLogins logins;
  private final Idrac8Options options;

  SessionCalls(Guard guard, UnitValues values, ConsoleLogins logins, Idrac8Options options) {
    this.guard = guard;
    this.values = values;
    this.logins = logins;
    this.options = options;
  }

  void answer(Exchange exchange) {
    String query = exchange.recorded().target().substring(exchange.path().length());
    String[] call = query.substring(Math.min(1, query.length())).split("=", 2);
    String argument = call.length < 2 ? "" : call[1];
    if (options.language()) {
      exchange.set("X_Language", language(exchange));
    }
    Optional<WebSession> session =
        exchange.header("ST2").isPresent() ? guard.caller(exchange) : Optional.empty();
    if (session.isPresent()) {
      called(exchange, call[0], argument, session.get());
    } else if (isPublic(call[0], argument)) {
      properties(exchange, call[0], argument);
    } else {
      Guard.refuse(exchange);
    }
  }

  private void called(Exchange exchange, String call, String argument, WebSession session) {
    switch (call) {
      case "setTempCredential" -> consoleLogin(exchange, argument, session);
      case "getSsnVar" -> reply(exchange, call, argument, name -> variable(name, session));
      case "getStompCfg" -> reply(exchange, call, argument, name -> quoted(""));
      default -> properties(exchange, call, argument);
    }
  }

  private static boolean isPublic(String call, String argument) {
    return BEFORE_LOGIN.contains(call) && names(argument).allMatch(PUBLIC_NAMES::contains);
  }

  private void properties(Exchange exchange, String call, String argument) {
    switch (call) {
      case "aimGetIntProp" -> reply(exchange, call, argument, name -> "" + values.number(name));
      case "aimGetBoolProp" ->
          reply(exchange, call, argument, name -> quoted("" + (values.number(name) == 1)));
      case "aimGetProp", "getDomainNames" ->
          reply(exchange, call, argument, name -> quoted(values.text(name)));
      default -> exchange.reply(404, "text/html", "<h2>Access Error: 404</h2>");
    }
  }

  private void consoleLogin(Exchange exchange, String argument, WebSession session) {
    if (!argument.equals(String.valueOf(session.aimSession()))) {
      reply(exchange, Map.of("status", quoted("BAD")), "aimGetProp");
      return;
    }
    ConsoleLogins.Pair pair = logins.issue();
    reply(
        exchange,
        Map.of("tempUser", quoted(pair.user()), "tempPass", quoted(pair.password())),
        "aimGetProp");
  }

  private String variable(String name, WebSession session) {
    return switch (name) {
      case "aimSession" -> String.valueOf(session.aimSession());
      case "username" -> quoted(options.user());
      case "adusername", "group" -> quoted("");
      case "isConsole", "isConsoleCMC" -> "0";
      default -> "1";
    };
  }

  private static void reply(
      Exchange exchange, String key, String argument, Function<String, String> value) {
    reply(exchange, names(argument).distinct().collect(Collectors.toMap(name -> name, value)), key);
  }

  private static void reply(Exchange exchange, Map<String, String> found, String key) {
    Map<String, String> members = new TreeMap<>(found);
    members.putIfAbsent("status", quoted("OK"));
    String body =
        members.entrySet().stream()
            .map(member -> quoted(member.getKey()) + " :" + member.getValue())
            .collect(Collectors.joining(","));
    exchange
        .set("Cache-Control", "no-cache")
        .reply(200, "application/json", "{\"" + key + "\" : {" + body + "}}");
  }

  private static Stream<String> names(String argument) {
    return Stream.of(argument.split(",")).filter(name -> !name.isEmpty());
  }

  private static String language(Exchange exchange) {
    String accepted = exchange.header("Accept-Language").orElse("en");
    return accepted.substring(0, Math.min(2, accepted.length()));
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
