package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile;
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
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The one place that decides which of a browser's headers reach a BMC, and how. Immutable; safe for
 * use by several threads.
 */
public final class RequestRules {
  private final String sessionCookie;
  private final Predicate<String> reservedPath;

  /**
   * @param sessionCookie name of the gateway's own cookie
   * @param reservedPath whether a raw path is one of the gateway's own
   */
  public RequestRules(String sessionCookie, Predicate<String> reservedPath) {
    this.sessionCookie = sessionCookie;
    this.reservedPath = reservedPath;
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
  public HttpFields forUpgrade(HttpServletRequest browser, BmcRequest to) {
    HttpFields.Mutable headers = common(browser, to);
    headers.remove(HttpHeader.CONTENT_LENGTH);
    for (String name : List.copyOf(headers.getFieldNamesCollection())) {
      if (name.toLowerCase(Locale.ROOT).startsWith("sec-websocket-")) {
        headers.remove(name);
      }
    }
    headers.put(HttpHeader.ORIGIN, to.bmc().address().origin());
    return headers;
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
          cookies(browser.getHeaders(name)).ifPresent(v -> headers.put(HttpHeader.COOKIE, v));
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

  /** One line, whatever HTTP/2 split; without the gateway's own. */
  private Optional<String> cookies(Enumeration<String> lines) {
    String kept =
        Collections.list(lines).stream()
            .flatMap(line -> Arrays.stream(line.split(";", -1)))
            .map(String::trim)
            .filter(pair -> !pair.isEmpty() && !isOurs(pair))
            .collect(Collectors.joining("; "));
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
  }

  private boolean isOurs(String pair) {
    int equals = pair.indexOf('=');
    return (equals < 0 ? pair : pair.substring(0, equals)).trim().equalsIgnoreCase(sessionCookie);
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
    }
    if (!headers.contains(HttpHeader.ACCEPT_LANGUAGE)) {
      profile.acceptLanguage().ifPresent(value -> headers.put(HttpHeader.ACCEPT_LANGUAGE, value));
    }
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
