package io.github.bmcgateway.entry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What other programs could take a raw path for: each of them decodes percent signs once, more
 * often or not at all, drops parameters ({@code ;x}) or keeps them, takes a backslash for a slash
 * or not, and merges empty segments before or after it resolves dot segments.
 */
final class PathReadings {
  private PathReadings() {}

  /** The path with every {@code %XX} decoded once, bytes as Latin-1; other percent signs stay. */
  static String decode(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    StringBuilder decoded = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      int octet = path.charAt(i) == '%' ? octet(path, i + 1) : -1;
      decoded.append(octet < 0 ? path.charAt(i) : (char) octet);
      i += octet < 0 ? 0 : 2;
    }
    return decoded.toString();
  }

  /** The readings of a path that isn't decoded any further. */
  static Set<String> of(String path) {
    Set<String> readings = new LinkedHashSet<>();
    for (String slashes : List.of(path, path.replace('\\', '/'))) {
      for (String bare : List.of(slashes, withoutParameters(slashes))) {
        readings.add(resolveDots(mergeSlashes(bare)));
        readings.add(mergeSlashes(resolveDots(bare)));
      }
    }
    return readings;
  }

  private static int octet(String path, int at) {
    if (at + 2 > path.length()) {
      return -1;
    }
    int high = Character.digit(path.charAt(at), 16);
    int low = Character.digit(path.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static String withoutParameters(String path) {
    StringBuilder bare = new StringBuilder(path.length());
    boolean inParameters = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      inParameters = c == ';' || (inParameters && c != '/');
      if (!inParameters) {
        bare.append(c);
      }
    }
    return bare.toString();
  }

  private static String mergeSlashes(String path) {
    StringBuilder merged = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (i == 0 || path.charAt(i) != '/' || path.charAt(i - 1) != '/') {
        merged.append(path.charAt(i));
      }
    }
    return merged.toString();
  }

  /** RFC 3986, section 5.2.4. */
  private static String resolveDots(String path) {
    Deque<String> segments = new ArrayDeque<>();
    String last = "";
    for (String segment : path.substring(1).split("/", -1)) {
      last = segment;
      if ("..".equals(segment)) {
        segments.pollLast();
      } else if (!".".equals(segment)) {
        segments.addLast(segment);
      }
    }
    if (".".equals(last) || "..".equals(last)) {
      segments.addLast("");
    }
    return "/" + String.join("/", segments);
  }
}
