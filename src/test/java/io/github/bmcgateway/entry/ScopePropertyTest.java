package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * For random scopes and random targets, made of what servers read in different ways: what arrives
 * at the BMC is just what an oracle permits that was written from the contract alone. Property
 * {@code scope.seed} repeats a run.
 */
class ScopePropertyTest {
  private static final int SCOPES = 30;
  private static final int REQUESTS = 20;

  private static final List<String> PARTS =
      List.of("a", "b", "A", "admin", "Admin", "kvm", "c d", "ä", "*", "...", "a.b");
  private static final List<String> TRAPS =
      List.of(
          ".",
          "..",
          "",
          ";x",
          "a;b",
          "%2e",
          "%2E%2e",
          ".%2e",
          "a%2fb",
          "a%2Fb",
          "%5c",
          "a\\b",
          "%252e",
          "%25",
          "%c0%ae",
          "%ff",
          "%ed%a0%80",
          "a%00",
          "a%3b",
          "a%3F",
          "%23a",
          "%",
          "%6",
          "%zz",
          "a%0d%0a",
          "%7f");
  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "SOCKET", "get", "X");
  private static final List<String> RULE_METHODS =
      List.of("GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "SOCKET");

  private final long seed = Long.getLong("scope.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private Optional<RawClient> connection = Optional.empty();

  /** A request, and whether it means to open a socket. */
  private record Attempt(String method, String path, boolean upgrade) {
    String head(String cookie) {
      String more =
          upgrade
              ? "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              : "";
      return "Cookie: pm-session=" + cookie + "\r\nContent-Length: 0\r\n" + more;
    }
  }

  @Test
  void whatArrivesIsWhatTheScopePermits() throws Exception {
    int permitted = 0;
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "here"));
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      for (int i = 0; i < SCOPES; i++) {
        List<String> scope = scope();
        String token =
            Tokens.mint(bmc.port(), 1800, c -> c.claim("scope", scope).claim("vendor", "generic"));
        for (int j = 0; j < REQUESTS; j++) {
          Attempt attempt = attempt(scope);
          if (check(bmc, gateway, scope, attempt, token)) {
            permitted++;
          }
        }
      }
    }
    if (connection.isPresent()) {
      connection.get().close();
    }
    assertTrue(permitted > SCOPES * REQUESTS / 20, permitted + " permitted, seed " + seed);
  }

  private boolean check(
      ScriptedBmc bmc, GatewayFixture gateway, List<String> scope, Attempt attempt, String token)
      throws Exception {
    int before = bmc.exchanges().size();
    Answer answer = answer(gateway, attempt, token);
    int expected = ScopeOracle.status(scope, attempt.method(), attempt.path(), attempt.upgrade());
    String what = "%s with %s (seed %d)".formatted(attempt, scope, seed);
    boolean arrived = bmc.exchanges().size() > before;
    assertEquals(expected == 200, arrived, what);
    if (arrived) {
      String line = attempt.method() + " " + attempt.path() + "?q=/../x HTTP/1.1";
      assertEquals(line, bmc.last().requestLine(), what);
    } else {
      assertEquals(expected, answer.status(), what);
    }
    return arrived;
  }

  /** On the connection of the last request, where the gateway has left it open. */
  private Answer answer(GatewayFixture gateway, Attempt attempt, String token) throws Exception {
    String target = attempt.path() + "?q=/../x";
    Answer answer = new Answer(0, "", new byte[0], /* complete= */ false);
    for (int tries = 0; tries < 2 && answer.status() == 0; tries++) {
      RawClient client = connection.isPresent() ? connection.get() : new RawClient(gateway.port());
      connection = Optional.of(client);
      try {
        answer = client.request(attempt.method(), target, attempt.head(token));
      } catch (IOException closed) {
        // Then it is asked again.
      }
      // The container's own refusal of a HEAD has a body.
      boolean over = attempt.upgrade() || attempt.method().equals("HEAD");
      if (answer.status() == 0 || over || answer.has("Connection")) {
        client.close();
        connection = Optional.empty();
      }
    }
    return answer;
  }

  private List<String> scope() {
    List<String> rules = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      StringBuilder rule = new StringBuilder(random.nextInt(3) == 0 ? "!" : "");
      rule.append(any(RULE_METHODS));
      while (random.nextBoolean()) {
        rule.append(',').append(any(RULE_METHODS));
      }
      rule.append(' ');
      int depth = random.nextInt(4);
      for (int s = 0; s < depth; s++) {
        rule.append('/').append(random.nextInt(4) == 0 ? "*" : encoded(any(PARTS)));
      }
      rule.append(any(List.of("/**", "/**", depth == 0 ? "/" : "", "/")));
      rules.add(rule.toString());
    }
    return rules;
  }

  /** Often near one of the rules: nothing is learnt from what none is about. */
  private Attempt attempt(List<String> scope) {
    StringBuilder path = new StringBuilder();
    if (random.nextInt(4) > 0) {
      String rule = any(scope);
      String[] segments = rule.substring(rule.indexOf('/') + 1).split("/", -1);
      for (String segment : segments) {
        path.append('/').append(near(segment));
      }
    } else {
      for (int depth = random.nextInt(4); depth >= 0; depth--) {
        path.append('/').append(encoded(any(PARTS)));
      }
    }
    if (random.nextInt(8) == 0) {
      path.append('/');
    }
    boolean upgrade = random.nextInt(5) == 0;
    return new Attempt(upgrade ? "GET" : any(METHODS), path.toString(), upgrade);
  }

  private String near(String segment) {
    if (random.nextInt(12) == 0) {
      return any(TRAPS);
    }
    if (segment.startsWith("*")) {
      return random.nextInt(3) == 0 && segment.length() > 1 ? "" : encoded(any(PARTS));
    }
    return switch (random.nextInt(5)) {
      case 0 -> segment.contains("%") ? segment : segment.toUpperCase(Locale.ROOT);
      case 1 -> segment.contains("%") || segment.contains(".") ? segment : encoded(segment);
      default -> segment;
    };
  }

  /** Some of its characters as escapes; those that must be, and no dot, always. */
  private String encoded(String text) {
    StringBuilder out = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      boolean must = octet <= ' ' || octet == '*';
      boolean may = octet != '.' && octet != '%' && random.nextInt(6) == 0;
      String escape = random.nextBoolean() ? "%%%02x" : "%%%02X";
      out.append(must || may ? escape.formatted(octet & 0xff) : String.valueOf((char) octet));
    }
    return out.toString();
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
