package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.Recorder;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an iLO 5 doesn't refuse although nobody should send it: each is a violation. */
record Ilo5Rules(Ilo5Options options, Ilo5Sessions sessions) {

  /** Longest {@code Connection} that old firmware copies without overrunning its buffer. */
  private static final int LONGEST_CONNECTION = 16;

  /** Names of all cookies that iLO pages set. */
  private static final Set<String> OWN_COOKIES =
      Set.of("irc", "session", "sessionKey", "sessionLang", "sessionUrl");

  void check(Exchange exchange, Recorder recorder) {
    RecordedRequest request = exchange.recorded();
    violations(exchange, request)
        .forEach(
            rule ->
                recorder.violation(rule + " (" + request.method() + " " + request.path() + ")"));
  }

  private Stream<String> violations(Exchange exchange, RecordedRequest request) {
    return Stream.of(connection(request), cookies(request), keys(exchange), token(request))
        .flatMap(found -> found);
  }

  private Stream<String> connection(RecordedRequest request) {
    int length = String.join(", ", request.values("Connection")).length();
    return options.has(Ilo5Quirk.LONG_CONNECTION) && length > LONGEST_CONNECTION
        ? Stream.of("Header Connection overruns its buffer: " + length + " bytes")
        : Stream.empty();
  }

  private Stream<String> cookies(RecordedRequest request) {
    if (!options.has(Ilo5Quirk.FOREIGN_COOKIES)) {
      return Stream.empty();
    }
    return request.values("Cookie").stream()
        .flatMap(line -> Stream.of(line.split("; *")))
        .map(pair -> pair.replaceFirst("=.*", ""))
        .filter(name -> !OWN_COOKIES.contains(name))
        .map(name -> "A cookie that no page of this unit sets: " + name);
  }

  private Stream<String> keys(Exchange exchange) {
    if (!options.has(Ilo5Quirk.FOREIGN_KEYS)) {
      return Stream.empty();
    }
    return Stream.of(exchange.cookie(Ilo5Sessions.COOKIE), exchange.header("X-Auth-Token"))
        .flatMap(key -> key.stream())
        .filter(sessions::isForeign)
        .distinct()
        .map(key -> "A session key that this unit never gave out");
  }

  private static Stream<String> token(RecordedRequest request) {
    List<String> tokens = request.values("X-Auth-Token");
    if (tokens.isEmpty()) {
      return Stream.empty();
    }
    if (tokens.size() > 1) {
      return Stream.of("Several lines of X-Auth-Token");
    }
    if (request.header("Authorization").isPresent()) {
      return Stream.of("X-Auth-Token beside Authorization");
    }
    return request.method().equals("POST") && Ilo5Redfish.isLogin(request.path())
        ? Stream.of("X-Auth-Token with a login")
        : Stream.empty();
  }
}
