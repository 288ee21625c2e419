package io.github.bmcgateway.entry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own URLs among the BMC's. Decides on the raw path, as it came over the wire: a path
 * is the gateway's only when it is literally one of its URLs, and nobody's when some other reading
 * of it would change that. Immutable; safe for use by several threads.
 */
public final class ReservedPaths {
  static final String OWN_PREFIX = "/.gateway/";

  /** Of pmproxy's edges only; to anybody else it is a BMC's path. */
  static final String SOCKET_PREFIX = "/websocket/";

  private static final String SOCKET_NAME = "websocket";

  /** Encodings inside encodings; more than this is no address that a BMC's page uses. */
  private static final int MAX_DECODINGS = 8;

  private static final String OWN_NAME = ".gateway";

  private final String link;
  private final String linkName;

  /**
   * @param link path of the session link
   */
  public ReservedPaths(String link) {
    this.link = link;
    this.linkName = link.substring(link.lastIndexOf('/') + 1);
  }

  /** Whether a raw path, without the query, is or could be taken for one of the gateway's own. */
  public boolean isReserved(String rawPath) {
    return !(classify(rawPath, null) instanceof RequestTarget.ForBmc);
  }

  RequestTarget classify(@Nullable String rawPath, @Nullable String query) {
    String text = query == null ? rawPath : rawPath + "?" + query;
    if (rawPath == null || text == null || !rawPath.startsWith("/") || !isPrintable(text)) {
      return new RequestTarget.Ambiguous();
    }
    boolean own = isLiteral(rawPath);
    Optional<String> otherwise = readOtherwise(rawPath, own);
    if (otherwise.isPresent()) {
      return new RequestTarget.Ambiguous();
    }
    return own ? new RequestTarget.Own(rawPath) : new RequestTarget.ForBmc(text);
  }

  boolean isLink(String path) {
    return link.equals(path);
  }

  /** Whether a raw path of an edge is, or could be taken for, one below {@link #SOCKET_PREFIX}. */
  boolean isSocketPath(String rawPath) {
    String path = rawPath;
    for (int round = 0; round < MAX_DECODINGS; round++) {
      if (path.contains(SOCKET_NAME)
          && PathReadings.of(path).stream().anyMatch(each -> each.startsWith(SOCKET_PREFIX))) {
        return true;
      }
      String decoded = PathReadings.decode(path);
      if (decoded.equals(path)) {
        return false;
      }
      path = decoded;
    }
    return true;
  }

  private boolean isLiteral(String path) {
    return isLink(path) || path.startsWith(OWN_PREFIX);
  }

  /** A reading of the path that has another owner, or is another of the gateway's own URLs. */
  private Optional<String> readOtherwise(String rawPath, boolean own) {
    String path = rawPath;
    for (int round = 0; round < MAX_DECODINGS; round++) {
      // Readings drop and merge whole segments: without the name in it, none is the gateway's.
      if (own || path.contains(linkName) || path.contains(OWN_NAME)) {
        Optional<String> other =
            PathReadings.of(path).stream()
                .filter(reading -> own ? !reading.equals(rawPath) : isLiteral(reading))
                .findFirst();
        if (other.isPresent()) {
          return other;
        }
      }
      String decoded = PathReadings.decode(path);
      if (decoded.equals(path)) {
        return Optional.empty();
      }
      path = decoded;
    }
    return Optional.of(path);
  }

  private static boolean isPrintable(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
