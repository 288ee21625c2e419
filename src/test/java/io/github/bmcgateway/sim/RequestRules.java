package io.github.bmcgateway.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What no request that reaches a BMC may carry, whatever the vendor. Immutable.
 *
 * @param ownAuthority host and port under which the BMC knows itself
 */
public record RequestRules(String ownAuthority) {

  private static final Set<String> FORBIDDEN =
      Set.of(
          "cdn-loop",
          "expect",
          "forwarded",
          "keep-alive",
          "te",
          "trailer",
          "via",
          "x-client-certificate",
          "x-host",
          "x-http-method-override",
          "x-method-override",
          "x-original-url",
          "x-real-ip",
          "x-rewrite-url",
          "x-server-addr",
          "x-username");

  private static final List<String> FORBIDDEN_PREFIXES =
      List.of("cf-", "proxy-", "x-forwarded-", "x-pm-");

  /** Names that browsers and proxies write with capitals on HTTP/1.1; BMCs look for just those. */
  private static final Set<String> CAPITALISED =
      Set.of(
          "accept",
          "accept-encoding",
          "accept-language",
          "authorization",
          "cache-control",
          "connection",
          "content-length",
          "content-type",
          "cookie",
          "host",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "origin",
          "pragma",
          "range",
          "referer",
          "sec-websocket-key",
          "sec-websocket-protocol",
          "sec-websocket-version",
          "upgrade",
          "user-agent");

  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

  private static final Pattern SESSION_COOKIE = Pattern.compile("(^|; *)(__Host-)?pm-session=");

  private static final Pattern RESERVED = Pattern.compile("/(gpsession|\\.gateway)(?=[/?]|$)");

  /** The rules that a request breaks, one sentence each. */
  public List<String> violations(RecordedRequest request) {
    List<String> found = new ArrayList<>();
    for (RecordedRequest.Header header : request.headers()) {
      checkName(header, found);
      checkValue(header, found);
    }
    if (TOKEN.matcher(request.target()).find()) {
      found.add("A token is in the target");
    }
    if (RESERVED.matcher(request.target()).lookingAt()) {
      found.add("The target is one of the gateway's own: " + request.path());
    }
    if (!request.values("Transfer-Encoding").isEmpty()) {
      found.add("The body is chunked");
    }
    if (request.values("Cookie").size() > 1) {
      found.add("The cookies are spread over several lines");
    }
    return found.stream()
        .map(rule -> rule + " (" + request.method() + " " + request.path() + ")")
        .toList();
  }

  private static void checkName(RecordedRequest.Header header, List<String> found) {
    String name = header.name().toLowerCase(Locale.ROOT);
    if (isForbidden(name)) {
      found.add("Forbidden header " + header.name());
    }
    if (CAPITALISED.contains(name) && Character.isLowerCase(header.name().charAt(0))) {
      found.add("Header name in lower case: " + header.name());
    }
  }

  private void checkValue(RecordedRequest.Header header, List<String> found) {
    if (TOKEN.matcher(header.value()).find()) {
      found.add("A token is in header " + header.name());
    }
    switch (header.name().toLowerCase(Locale.ROOT)) {
      case "cookie" -> {
        if (SESSION_COOKIE.matcher(header.value()).find()) {
          found.add("The gateway's session cookie is in header Cookie");
        }
      }
      case "origin" -> {
        if (!header.value().equals("https://" + ownAuthority)) {
          found.add("Origin isn't the BMC's own: " + header.value());
        }
      }
      case "referer" -> checkReferer(header.value(), found);
      default -> {}
    }
  }

  private void checkReferer(String referer, List<String> found) {
    String own = "https://" + ownAuthority;
    if (!referer.equals(own) && !referer.startsWith(own + "/")) {
      found.add("Referer isn't the BMC's own: " + referer);
    } else if (RESERVED.matcher(referer.substring(own.length())).lookingAt()) {
      found.add("Referer names one of the gateway's own pages");
    }
  }

  /** Whether a BMC may never be sent a header of that name. */
  static boolean isForbidden(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return FORBIDDEN.contains(lower) || FORBIDDEN_PREFIXES.stream().anyMatch(lower::startsWith);
  }
}
