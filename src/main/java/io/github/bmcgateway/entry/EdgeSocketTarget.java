package io.github.bmcgateway.entry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The target of an edge's WebSocket: {@code /websocket/<ip>/<port>/<path>?headers=<base64>}, the
 * path with a slash of its own, so that two stand there.
 *
 * <p>The original edge loses the browser's query. Senders that keep it write path and query percent
 * encoded as a whole, for one decoding: then there is a {@code %3F} or a {@code %25} in it. A path
 * without either is the browser's own, byte for byte.
 *
 * @param bmc where the socket goes
 * @param target the target that the browser asked for
 * @param headers the coded headers of the browser
 */
record EdgeSocketTarget(EdgeTarget bmc, String target, String headers) {
  private static final Pattern SHAPE =
      Pattern.compile("/websocket/(?<ip>[^/]{1,64})/(?<port>[^/]{1,5})/?(?<path>/.*)");
  private static final Pattern CODED = Pattern.compile("%(?:3[Ff]|25)");

  static Optional<EdgeSocketTarget> parse(@Nullable String rawPath, @Nullable String query) {
    Matcher shape = SHAPE.matcher(rawPath == null ? "" : rawPath);
    List<String> headers = parameters(query);
    if (!shape.matches() || headers.size() != 1) {
      return Optional.empty();
    }
    String path = shape.group("path");
    String target = CODED.matcher(path).find() ? decode(path) : path;
    return EdgeTarget.parse(PathReadings.decode(shape.group("ip")), shape.group("port"))
        .map(bmc -> new EdgeSocketTarget(bmc, target, headers.get(0)));
  }

  /** Whether the browser's query has come so far, or there was none. */
  boolean hasQuery() {
    return target.indexOf('?') >= 0;
  }

  /** A plus sign is one here: base64 has it, and edges don't always encode it. */
  private static List<String> parameters(@Nullable String query) {
    return Pattern.compile("&")
        .splitAsStream(query == null ? "" : query)
        .filter(pair -> pair.startsWith("headers="))
        .map(pair -> PathReadings.decode(pair.substring("headers=".length())))
        .toList();
  }

  /** Decoded once; what can't stand in a target stays, or becomes, encoded. */
  private static String decode(String path) {
    StringBuilder target = new StringBuilder();
    for (byte octet : PathReadings.decode(path).getBytes(StandardCharsets.ISO_8859_1)) {
      if (octet > ' ' && octet < 0x7f && octet != '#') {
        target.append((char) octet);
      } else {
        target.append(String.format(Locale.ROOT, "%%%02X", octet));
      }
    }
    return target.toString();
  }
}
