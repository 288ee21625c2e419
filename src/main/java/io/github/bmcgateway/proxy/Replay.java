package io.github.bmcgateway.proxy;

import java.util.Set;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.transport.HttpRequest;

/** Tells which requests may be sent once more. */
final class Replay {
  /** Those that change nothing (RFC 9110, section 9.2.1). */
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private Replay() {}

  /** Whether a request may be sent once more, as far as it goes by what it asks for. */
  static boolean isPossible(HttpRequest request) {
    return METHODS.contains(request.getMethod())
        && request.getBody() == null
        && !request.getAttributes().containsKey(HttpUpgrader.Factory.class.getName());
  }
}
