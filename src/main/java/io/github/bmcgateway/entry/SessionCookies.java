package io.github.bmcgateway.entry;

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

  private final String name;

  SessionCookies(String name) {
    this.name = name;
  }

  /** The values of every cookie of our name, in the browser's order. */
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
      if (!name(pair).equals(name)) {
        names.add(name(pair));
      }
    }
    return names;
  }

  /** The {@code Set-Cookie} value that opens a session. */
  String open(String token, Instant now, Instant expires) {
    long seconds = Duration.between(now, expires).plus(AFTERLIFE).toSeconds();
    return name + "=" + token + "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=" + seconds;
  }

  /** The {@code Set-Cookie} value that takes the session cookie back. */
  String close() {
    return name + "=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0";
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
