package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.OwnCookies;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.target.VendorProfile.HeaderFromCookie;
import io.github.bmcgateway.target.VendorProfile.SocketRoute;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides which of a browser's headers reach a BMC, and how. Immutable; safe for
 * use by several threads.
 */
public final class RequestRules {
  private static final int REQUEST_LINE_BYTES = 20;
  private static final int LINE_BYTES = 4;

  private final OwnCookies own;
  private final Predicate<String> reservedPath;

  /**
   * @param sessionCookie name of the gateway's session cookie
   * @param reservedPath whether a raw path is one of the gateway's own
   */
  public RequestRules(String sessionCookie, Predicate<String> reservedPath) {
    own = new OwnCookies(sessionCookie);
    this.reservedPath = reservedPath;
  }

  /**
   * Whether a browser's header, its name in lower case, goes any further than to this gateway: not
   * if it belongs to one connection, or would be believed where it arrives.
   */
  public static boolean goesOn(String lowerName) {
    return HeaderNames.goesUp(lowerName);
  }

  /** The headers of a plain request. */
  public HttpFields forPage(HttpServletRequest browser, BmcRequest to) {
    HttpFields.Mutable headers = common(browser, to);
    acceptCoding(headers, to);
    return headers;
  }

  /**
   * The headers of an upgrade, without {@code Upgrade}, {@code Connection}, {@code
   * Sec-WebSocket-*}.
   */
  public HttpFields forUpgrade(HttpServletRequest browser, BmcRequest to, SocketRoute route) {
    HttpFields.Mutable headers = common(browser, to);
    headers.remove(HttpHeader.CONTENT_LENGTH);
    if (!route.cookies()) {
      headers.remove(HttpHeader.COOKIE);
    }
    for (String name : List.copyOf(headers.getFieldNamesCollection())) {
      if (name.toLowerCase(Locale.ROOT).startsWith("sec-websocket-")) {
        headers.remove(name);
      }
    }
    headers.put(HttpHeader.ORIGIN, to.bmc().address().origin());
    return headers;
  }

  /** Whether the BMC takes a request head with this target and these headers. */
  static boolean withinBudget(BmcRequest to, HttpFields headers) {
    int budget = to.bmc().profile().headBudgetBytes();
    long bytes = (long) to.target().length() + REQUEST_LINE_BYTES;
    for (HttpField field : headers) {
      bytes += field.getName().length() + String.valueOf(field.getValue()).length() + LINE_BYTES;
    }
    return budget == 0 || bytes <= budget;
  }

  private HttpFields.Mutable common(HttpServletRequest browser, BmcRequest to) {
    HttpFields.Mutable headers = HttpFields.build();
    headers.put(HttpHeader.HOST, to.bmc().address().authority());
    Set<String> connection = namesIn(browser.getHeaders("Connection"));
    for (String name : Collections.list(browser.getHeaderNames())) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (HeaderNames.goesUp(lower) && !connection.contains(lower)) {
        copy(name, lower, browser, to, headers);
      }
    }
    mapPmToken(browser, to.bmc().profile(), headers);
    addFromCookie(to, headers);
    return headers;
  }

  private void copy(
      String name,
      String lower,
      HttpServletRequest browser,
      BmcRequest to,
      HttpFields.Mutable headers) {
    switch (lower) {
      case "host" -> {}
      case "origin" -> headers.put(HttpHeader.ORIGIN, to.bmc().address().origin());
      case "referer" ->
          referer(browser.getHeader(name), to).ifPresent(v -> headers.put(HttpHeader.REFERER, v));
      case "cookie" ->
          cookies(browser.getHeaders(name), to.bmc().profile().cookiesUp())
              .ifPresent(v -> headers.put(HttpHeader.COOKIE, v));
      default ->
          Collections.list(browser.getHeaders(name))
              .forEach(value -> headers.add(new HttpField(HeaderNames.canonical(name), value)));
    }
  }

  /** Only where it came from on the public host; another site's address is none of the BMC's. */
  private Optional<String> referer(String value, BmcRequest to) {
    String origin = to.origin().toString();
    if (!value.startsWith(origin + "/")) {
      return Optional.empty();
    }
    String target = value.substring(origin.length());
    return reservedPath.test(pathOf(target))
        ? Optional.empty()
        : Optional.of(to.bmc().address().origin() + target);
  }

  /** One line, whatever HTTP/2 split; without the gateway's own, and only what the BMC may see. */
  private Optional<String> cookies(Enumeration<String> lines, Optional<Set<String>> allowed) {
    String kept =
        Collections.list(lines).stream()
            .flatMap(line -> Arrays.stream(line.split(";", -1)))
            .map(String::trim)
            .filter(pair -> !pair.isEmpty() && !own.include(nameOf(pair)))
            .filter(pair -> allowed.map(names -> names.contains(nameOf(pair))).orElse(true))
            .collect(Collectors.joining("; "));
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
  }

  private static String nameOf(String pair) {
    int equals = pair.indexOf('=');
    return (equals < 0 ? pair : pair.substring(0, equals)).trim();
  }

  private static void acceptCoding(HttpFields.Mutable headers, BmcRequest to) {
    VendorProfile profile = to.bmc().profile();
    boolean transformed = profile.transformOf(pathOf(to.target())).isPresent();
    if (profile.alwaysGzip() || transformed) {
      headers.put(HttpHeader.ACCEPT_ENCODING, "gzip");
    }
    if (transformed) {
      // Part of a body can't be rewritten, and a rewritten body has another length.
      headers.remove(HttpHeader.RANGE);
      headers.remove(HttpHeader.IF_RANGE);
      // The browser knows the tag in the weak form that it was given.
      headers.computeField(
          HttpHeader.IF_NONE_MATCH,
          (name, fields) ->
              fields == null ? null : new HttpField(name, strong(fields.get(0).getValue())));
    }
    if (!headers.contains(HttpHeader.ACCEPT_LANGUAGE)) {
      profile.acceptLanguage().ifPresent(value -> headers.put(HttpHeader.ACCEPT_LANGUAGE, value));
    }
  }

  private static String strong(String tags) {
    return tags.replace("W/\"", "\"");
  }

  private static void addFromCookie(BmcRequest to, HttpFields.Mutable headers) {
    to.bmc()
        .profile()
        .headerFromCookie()
        .filter(rule -> rule.paths().matcher(pathOf(to.target())).matches())
        .filter(rule -> !headers.contains(rule.header()))
        .filter(rule -> rule.unless().stream().noneMatch(headers::contains))
        .ifPresent(
            rule ->
                valueOf(rule, headers.get(HttpHeader.COOKIE))
                    .ifPresent(value -> headers.put(rule.header(), value)));
  }

  private static Optional<String> valueOf(HeaderFromCookie rule, @Nullable String cookies) {
    return Arrays.stream((cookies == null ? "" : cookies).split(";", -1))
        .map(String::trim)
        .filter(pair -> nameOf(pair).equals(rule.cookie()) && pair.indexOf('=') > 0)
        .map(pair -> rule.value().matcher(pair.substring(pair.indexOf('=') + 1)))
        .filter(Matcher::lookingAt)
        .map(Matcher::group)
        .findFirst();
  }

  private static void mapPmToken(
      HttpServletRequest browser, VendorProfile profile, HttpFields.Mutable headers) {
    String token = browser.getHeader("X-PM-Token");
    if (profile.mapsPmToken() && token != null && !headers.contains("X-Auth-Token")) {
      headers.put("X-Auth-Token", token);
    }
  }

  private static Set<String> namesIn(Enumeration<String> values) {
    Set<String> names = new HashSet<>();
    for (String value : Collections.list(values)) {
      for (String name : value.split(",", -1)) {
        names.add(name.trim().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
