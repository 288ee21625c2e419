package io.github.bmcgateway.proxy;

import io.github.bmcgateway.cache.AssetKey;
import io.github.bmcgateway.cache.EntityTags;
import io.github.bmcgateway.cache.Flight;
import io.github.bmcgateway.cache.Flight.Outcome;
import io.github.bmcgateway.cache.Reply.Conditions;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.Assets;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;

/**
 * A request for an asset, and what has become of it so far. Used by one thread at a time: the one
 * that has the request, then the one that has its answer.
 */
final class AssetRequest {
  private static final String ATTRIBUTE = AssetRequest.class.getName();

  /** How often it waits for somebody else before it asks the BMC by itself. */
  private static final int MAX_WAITS = 3;

  /**
   * What browsers send with any request for a file. With anything else, what the BMC makes of it
   * must not become other people's answer.
   */
  private static final Set<String> USUAL =
      Set.of(
          "accept",
          "accept-encoding",
          "accept-language",
          "cache-control",
          "content-length",
          "cookie",
          "dnt",
          "host",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "origin",
          "pragma",
          "priority",
          "purpose",
          "range",
          "referer",
          "save-data",
          "upgrade-insecure-requests",
          "user-agent");

  private final AssetKey key;
  private final Assets rule;
  private final boolean shared;
  private boolean anew;
  private boolean landed;
  private boolean alone;
  private int waits;
  private Optional<Flight> flight = Optional.empty();
  private List<HttpField> cookies = List.of();

  private AssetRequest(HttpServletRequest browser, AssetKey key, Assets rule) {
    this.key = key;
    this.rule = rule;
    this.shared = isUsual(browser) && isFor(browser, "GET", "HEAD") && permits(browser);
    this.anew =
        directives(browser, "Cache-Control").anyMatch("no-cache"::equals)
            || (browser.getHeader("Cache-Control") == null
                && directives(browser, "Pragma").anyMatch("no-cache"::equals));
  }

  /** The one that this request is, made once. */
  static AssetRequest make(HttpServletRequest browser, BmcRequest to, Assets rule) {
    return of(browser)
        .orElseGet(
            () -> {
              AssetKey key = AssetKey.of(to, BodyPlan.takesGzip(browser));
              AssetRequest made = new AssetRequest(browser, key, rule);
              browser.setAttribute(ATTRIBUTE, made);
              return made;
            });
  }

  /** The one that this request is, if it was found to be for an asset. */
  static Optional<AssetRequest> of(HttpServletRequest browser) {
    return browser.getAttribute(ATTRIBUTE) instanceof AssetRequest found
        ? Optional.of(found)
        : Optional.empty();
  }

  private static boolean isUsual(HttpServletRequest browser) {
    // Some clients declare with each GET that it has no body.
    if (browser.getHeader("Transfer-Encoding") != null || browser.getContentLengthLong() > 0) {
      return false;
    }
    Enumeration<String> names = browser.getHeaderNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement().toLowerCase(Locale.ROOT);
      if (!USUAL.contains(name) && !name.startsWith("sec-") && HeaderNames.goesUp(name)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFor(HttpServletRequest browser, String... methods) {
    return Arrays.asList(methods).contains(browser.getMethod());
  }

  private static boolean permits(HttpServletRequest browser) {
    return directives(browser, "Cache-Control")
        .noneMatch(each -> each.equals("no-transform") || each.equals("no-store"));
  }

  private static Stream<String> directives(HttpServletRequest browser, String header) {
    return Collections.list(browser.getHeaders(header)).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(directive -> directive.trim().toLowerCase(Locale.ROOT));
  }

  AssetKey key() {
    return key;
  }

  Assets rule() {
    return rule;
  }

  EntityTags tags() {
    return new EntityTags(key);
  }

  /** Whether it may be answered with what is kept, and its answer may be kept. */
  boolean isShared() {
    return shared && !alone;
  }

  /** Whether the user wants the BMC to be asked. */
  boolean isAnew() {
    return anew;
  }

  /** Whether somebody has just got what it waited for. */
  boolean hasLanded() {
    return landed;
  }

  /** The fetch that it makes for others, too. */
  Optional<Flight> flight() {
    return flight;
  }

  void lead(Flight leading) {
    flight = Optional.of(leading);
  }

  /**
   * Its browser's own question, whether the asset is still the same, has brought cookies, which
   * nobody else may get.
   */
  void brought(List<HttpField> own) {
    cookies = own;
  }

  /** What its browser gets instead of these headers. */
  List<HttpField> withCookies(List<HttpField> headers) {
    return cookies.isEmpty() ? headers : Stream.concat(cookies.stream(), headers.stream()).toList();
  }

  /** From here on it has nothing to do with others. */
  void goAlone() {
    alone = true;
    flight = Optional.empty();
  }

  /** It has waited for somebody else. */
  void waited(Outcome outcome) {
    waits++;
    landed = outcome == Outcome.STORED;
    anew &= !landed;
    alone |= outcome == Outcome.REFUSED || waits >= MAX_WAITS;
  }

  /** What it asks for. */
  static Conditions conditions(HttpServletRequest browser) {
    return isFor(browser, "GET", "HEAD")
        ? new Conditions(
            joined(browser, "If-None-Match"),
            joined(browser, "If-Modified-Since"),
            isFor(browser, "GET") ? joined(browser, "Range") : Optional.empty(),
            joined(browser, "If-Range"))
        : Conditions.NONE;
  }

  private static Optional<String> joined(HttpServletRequest browser, String header) {
    String first = browser.getHeader(header);
    return first == null
        ? Optional.empty()
        : Optional.of(String.join(", ", Collections.list(browser.getHeaders(header))));
  }
}
