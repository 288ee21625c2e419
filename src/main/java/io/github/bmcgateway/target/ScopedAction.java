package io.github.bmcgateway.target;

import java.util.Optional;

/** What a request asks of a BMC, as {@link ScopeRule}s compare it. Immutable. */
public final class ScopedAction {
  private static final String NO_METHOD = "";

  private final String method;
  private final ComparablePath path;

  private ScopedAction(String method, ComparablePath path) {
    this.method = method;
    this.path = path;
  }

  /** What a plain request asks; empty where readers could differ about its raw path. */
  public static Optional<ScopedAction> request(String method, String rawPath) {
    // A method of that name isn't an upgrade, and no rule is about it.
    String named = method.equals(ScopeRule.SOCKET) ? NO_METHOD : method;
    return ComparablePath.of(rawPath).map(path -> new ScopedAction(named, path));
  }

  /** What a WebSocket upgrade asks; empty where readers could differ about its raw path. */
  public static Optional<ScopedAction> upgrade(String rawPath) {
    return ComparablePath.of(rawPath).map(path -> new ScopedAction(ScopeRule.SOCKET, path));
  }

  /** The method, or the word of {@link ScopeRule}s for upgrades. */
  String method() {
    return method;
  }

  ComparablePath path() {
    return path;
  }
}
