package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.OwnAnswers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What load balancers and supervisors ask, under whatever name they know this node by: whether the
 * process serves, and whether it is ready for sessions.
 */
final class Probes {
  private static final String HEALTH = ReservedPaths.OWN_PREFIX + "health";
  private static final String READY = ReservedPaths.OWN_PREFIX + "ready";
  private static final Set<String> PATHS = Set.of(HEALTH, READY);

  private final Supplier<List<String>> missing;

  /**
   * @param missing what is not there yet, in words for an operator; empty when the gateway is ready
   */
  Probes(Supplier<List<String>> missing) {
    this.missing = missing;
  }

  boolean answers(String path) {
    return PATHS.contains(path);
  }

  void answer(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!Browsers.isRead(request)) {
      FailurePages.methodNotAllowed(request, response, "GET, HEAD");
    } else if (HEALTH.equals(path)) {
      OwnAnswers.json(response, 200, Map.of("status", "ok"));
    } else {
      List<String> lacks = missing.get();
      OwnAnswers.json(
          response,
          lacks.isEmpty() ? 200 : 503,
          Map.of("status", lacks.isEmpty() ? "ready" : "not ready", "missing", lacks));
    }
  }
}
