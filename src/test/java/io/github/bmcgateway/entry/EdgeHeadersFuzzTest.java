package io.github.bmcgateway.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.github.bmcgateway.testing.Fuzz;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an edge may send for a socket, in its path and in {@code headers=}. */
@Fuzz
class EdgeHeadersFuzzTest {
  private static final Set<String> NAMES =
      Set.of(
          "accept-encoding",
          "accept-language",
          "cookie",
          "host",
          "origin",
          "pragma",
          "sec-websocket-protocol",
          "user-agent");

  /** The input is the JSON, the base64 and the path in turn. */
  @FuzzTest(maxDuration = "1m")
  void oneReadingWithoutLineEndsOrNone(byte[] input) throws ParseException {
    String text = new String(input, UTF_8);
    EdgeHeaders.parse(text).ifPresent(EdgeHeadersFuzzTest::check);
    Optional<Map<String, String>> headers =
        EdgeHeaders.parse(Base64.getEncoder().encodeToString(input));
    if (headers.isPresent()) {
      check(headers.get());
      agree(headers.get(), JSONObjectUtils.parse(text));
    }
    if (text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#')) {
      EdgeSocketTarget.parse("/websocket/10.0.0.5/443/" + text, "headers=e30")
          .ifPresent(EdgeHeadersFuzzTest::check);
    }
  }

  private static void check(Map<String, String> headers) {
    assertTrue(NAMES.containsAll(headers.keySet()), headers::toString);
    for (String value : headers.values()) {
      assertFalse(value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f || c > 0xff));
    }
  }

  private static void agree(Map<String, String> headers, Map<String, Object> other) {
    for (String name : NAMES) {
      List<Object> values =
          other.entrySet().stream()
              .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals(name))
              .filter(entry -> entry.getValue() != null)
              .map(Map.Entry::getValue)
              .toList();
      assertEquals(Optional.ofNullable(headers.get(name)).stream().toList(), values);
    }
  }

  private static void check(EdgeSocketTarget socket) {
    assertTrue(socket.target().startsWith("/"), socket::target);
    assertTrue(
        socket.target().chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#'), socket::target);
  }
}
