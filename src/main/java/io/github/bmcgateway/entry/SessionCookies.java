package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.OwnCookies;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The session cookie, and the others that a browser sends. Reads the raw headers: what a container
 * leaves out as malformed reaches the BMC nevertheless. Immutable; safe for use by several threads.
 */
final class SessionCookies {
  /** An expired cookie opens nothing, but tells "expired" from "none". */
  private static final Duration AFTERLIFE = Duration.ofDays(1);

  private static final int MARK_LENGTH = 8;
  private static final String KEPT = "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=";
  private static final String KEPT_FOR_ALL = "; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=";

  private final String name;
  private final OwnCookies own;

  SessionCookies(String name) {
    this.name = name;
    own = new OwnCookies(name);
  }

  /** The values of every session cookie, in the browser's order. */
  List<String> tokens(HttpServletRequest request) {
    List<String> tokens = new ArrayList<>();
    for (String pair : pairs(request)) {
      if (name(pair).equals(name)) {
        tokens.add(pair.substring(pair.indexOf('=') + 1).trim());
      }
    }
    return tokens;
  }

  /** The names of every other cookie, each once; a nameless cookie is the empty name. */
  Set<String> otherNames(HttpServletRequest request) {
    Set<String> names = new LinkedHashSet<>();
    for (String pair : pairs(request)) {
      if (!name(pair).equals(name) && !name(pair).equals(own.marker())) {
        names.add(name(pair));
      }
    }
    return names;
  }

  /** Whether the browser tells of a session, be it that it withholds the session cookie. */
  boolean isMarked(HttpServletRequest request) {
    return pairs(request).stream().anyMatch(pair -> name(pair).equals(own.marker()));
  }

  /**
   * The {@code Set-Cookie} values that open a session: the session cookie and the marker.
   *
   * @param value what the session cookie holds
   * @param id the session's identifier, of which the marker holds enough to tell two apart
   */
  List<String> open(String value, String id, Instant now, Instant expires) {
    String mark = id.substring(0, Math.min(MARK_LENGTH, id.length()));
    Duration left = Duration.between(now, expires);
    return List.of(
        name + "=" + value + KEPT + left.plus(AFTERLIFE).toSeconds(),
        own.marker() + "=" + mark + KEPT_FOR_ALL + Math.max(1, left.toSeconds()));
  }

  /** The {@code Set-Cookie} values that take them back. */
  List<String> close() {
    return List.of(name + "=" + KEPT + "0", own.marker() + "=" + KEPT_FOR_ALL + "0");
  }

  /** The {@code Set-Cookie} value that expires a BMC's cookie. */
  static String expire(String name) {
    // Browsers ignore a cookie of neither name nor value, so a nameless one needs a value.
    return (name.isEmpty() ? "x" : name + "=") + "; Path=/; Secure; Max-Age=0";
  }

  private static List<String> pairs(HttpServletRequest request) {
    List<String> pairs = new ArrayList<>();
    for (String line : Browsers.values(request, "Cookie")) {
      for (String pair : line.split(";", -1)) {
        if (!pair.isBlank()) {
          pairs.add(pair.trim());
        }
      }
    }
    return pairs;
  }

  private static String name(String pair) {
    int equals = pair.indexOf('=');
    return equals < 0 ? "" : pair.substring(0, equals).trim();
  }
}
