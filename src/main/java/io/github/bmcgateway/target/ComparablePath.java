package io.github.bmcgateway.target;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A path that every reader takes for the same one, decoded and in segments; the last is empty where
 * the path ends with a slash. What some server would decode twice, cut off, or resolve to another
 * path is none. Immutable.
 *
 * @param segments what stands between the slashes; at least one
 */
record ComparablePath(List<String> segments) {
  /**
   * Escapes that are refused wherever they stand: what they hide means something to some server.
   */
  private static final Set<String> REFUSED_ESCAPES = Set.of("2e", "2f", "5c", "25");

  /** Where some server cuts a path off once it has decoded it, or takes it for a slash. */
  private static final String REFUSED_CHARACTERS = ";\\?#";

  /** Copies the segments. */
  ComparablePath {
    segments = List.copyOf(segments);
  }

  /** The path of a raw one, without a query; empty where readers could differ about it. */
  static Optional<ComparablePath> of(String raw) {
    return decode(raw)
        .filter(path -> path.startsWith("/") && path.chars().noneMatch(ComparablePath::isRefused))
        .map(path -> List.of(path.substring(1).split("/", -1)))
        .filter(ComparablePath::areProper)
        .map(ComparablePath::new);
  }

  private static boolean isRefused(int character) {
    return Character.isISOControl(character) || REFUSED_CHARACTERS.indexOf(character) >= 0;
  }

  private static boolean areProper(List<String> segments) {
    return segments.subList(0, segments.size() - 1).stream().noneMatch(String::isEmpty)
        && segments.stream().noneMatch(segment -> segment.equals(".") || segment.equals(".."));
  }

  private static Optional<String> decode(String raw) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    int at = 0;
    while (at < raw.length()) {
      char c = raw.charAt(at);
      int octet = c == '%' ? escaped(raw, at) : c;
      if (octet < 0 || c > '~') {
        return Optional.empty();
      }
      bytes.put((byte) octet);
      at += c == '%' ? 3 : 1;
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The octet of an escape, or -1 where there is none or it is refused. */
  private static int escaped(String raw, int at) {
    String digits = raw.substring(at + 1, Math.min(at + 3, raw.length())).toLowerCase(Locale.ROOT);
    return digits.matches("[0-9a-f]{2}") && !REFUSED_ESCAPES.contains(digits)
        ? Integer.parseInt(digits, 16)
        : -1;
  }
}
