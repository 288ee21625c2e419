package io.github.bmcgateway.entry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.ScopeRule;
import io.github.bmcgateway.target.ScopedAction;
import io.github.bmcgateway.testing.Fuzz;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Any scope and any request, against the contract's words. */
@Fuzz
class ScopeFuzzTest {
  private static final int MAX_RULES = 64;
  private static final String UPGRADE = "SOCKET";

  /** The first line is the request, {@code METHOD /path}; the others are the scope's rules. */
  @FuzzTest(maxDuration = "1m")
  void whatIsPermittedIsWhatTheContractSays(byte[] input) {
    List<String> lines = Arrays.asList(new String(input, ISO_8859_1).split("\n", -1));
    String[] request = lines.get(0).split(" ", 2);
    List<String> rules = lines.subList(1, lines.size());
    if (request.length < 2
        || !isTarget(request[1])
        || rules.size() > MAX_RULES
        || rules.stream().anyMatch(this::isNoRule)) {
      return;
    }
    boolean upgrade = request[0].equals(UPGRADE);

    int expected = ScopeOracle.status(rules, request[0], request[1], upgrade);

    assertEquals(expected, status(rules, request[0], request[1], upgrade));
  }

  private static int status(List<String> rules, String method, String path, boolean upgrade) {
    Optional<ScopedAction> action =
        upgrade ? ScopedAction.upgrade(path) : ScopedAction.request(method, path);
    return action.map(asked -> Scope.of(rules).permits(asked, Map.of()) ? 200 : 403).orElse(400);
  }

  /** What a container hands on as a path. */
  private static boolean isTarget(String path) {
    return path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c <= '~' && c != '?');
  }

  private boolean isNoRule(String text) {
    try {
      ScopeRule.of(text);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
