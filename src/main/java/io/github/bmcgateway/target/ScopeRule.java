package io.github.bmcgateway.target;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rule of what a session may do at its BMC: {@code [!]METHOD[,METHOD] /path}. In the path a
 * segment {@code *} stands for exactly one that isn't empty, and a last segment {@code **} for what
 * is below: {@code /a/**} matches {@code /a/} and {@code /a/b/c}, not {@code /a}. Escapes in it are
 * decoded, as those of the request are. The query isn't compared. Immutable.
 *
 * <p>A rule that permits compares case by case; one that denies takes {@code /ADMIN} for {@code
 * /admin} as well, since some server may.
 */
public final class ScopeRule {
  /** The names that stand for rules which a vendor's profile gives. */
  public static final Set<String> NAMES = Set.of("console", "read", "media", "firmware");

  /** Stands for every WebSocket upgrade in place of a method. */
  static final String SOCKET = "SOCKET";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", SOCKET);

  private static final Pattern SYNTAX = Pattern.compile("(!?)([A-Z]+(?:,[A-Z]+)*) (/[!-~]*)");
  private static final int MAX_LENGTH = 512;
  private static final String ANY = "*";
  private static final String BELOW = "**";

  private final boolean denies;
  private final Set<String> methods;
  private final List<Optional<String>> segments;
  private final boolean below;

  private ScopeRule(
      boolean denies, Set<String> methods, List<Optional<String>> segments, boolean below) {
    this.denies = denies;
    this.methods = Set.copyOf(methods);
    this.segments = List.copyOf(segments);
    this.below = below;
  }

  /**
   * The rule that a text says.
   *
   * @throws IllegalArgumentException the text is no rule; the message says why
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ScopeRule of(String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (text.length() > MAX_LENGTH || !parts.matches()) {
      throw refused(text, "a rule is [!]METHOD[,METHOD] /path, of at most 512 characters");
    }
    Set<String> methods = Set.copyOf(Arrays.asList(parts.group(2).split(",")));
    if (!METHODS.containsAll(methods)) {
      throw refused(text, "methods are GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS and SOCKET");
    }
    List<String> written = new ArrayList<>(List.of(parts.group(3).substring(1).split("/", -1)));
    boolean below = written.get(written.size() - 1).equals(BELOW);
    if (below) {
      written.remove(written.size() - 1);
    }
    return new ScopeRule(!parts.group(1).isEmpty(), methods, segments(text, written, below), below);
  }

  /** The segments as they are compared; empty ones stand for any. */
  private static List<Optional<String>> segments(String text, List<String> written, boolean below) {
    if (written.stream().anyMatch(segment -> segment.contains(ANY) && !segment.equals(ANY))) {
      throw refused(text, "* stands for a whole segment, and ** for the last one");
    }
    String path = "/" + String.join("/", written) + (below && !written.isEmpty() ? "/" : "");
    List<String> decoded =
        ComparablePath.of(path)
            .orElseThrow(() -> refused(text, "no request with such a path is let through"))
            .segments();
    List<Optional<String>> segments = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      segments.add(written.get(i).equals(ANY) ? Optional.empty() : Optional.of(decoded.get(i)));
    }
    return segments;
  }

  private static IllegalArgumentException refused(String text, String reason) {
    return new IllegalArgumentException("\"" + text + "\" is no rule: " + reason);
  }

  /** Whether what the rule matches is refused. */
  public boolean denies() {
    return denies;
  }

  /** Whether the rule is about this. */
  public boolean matches(ScopedAction action) {
    List<String> path = action.path().segments();
    boolean depth = below ? path.size() > segments.size() : path.size() == segments.size();
    if (!depth || !methods.contains(action.method())) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      if (!matches(segments.get(i), path.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean matches(Optional<String> expected, String segment) {
    return expected
        .map(text -> denies ? text.equalsIgnoreCase(segment) : text.equals(segment))
        .orElse(!segment.isEmpty());
  }
}
