package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  @Test
  void hostsAndPortsAreTakenApart() {
    assertEquals(
        Optional.of(new Authority("pm.example.com", OptionalInt.empty())), parse("PM.Example.com"));
    assertEquals(
        Optional.of(new Authority("localhost", OptionalInt.of(8443))), parse("localhost:8443"));
    assertEquals(
        Optional.of(new Authority("[fd00::5]", OptionalInt.of(65535))), parse("[FD00::5]:65535"));
    assertEquals(Optional.of(new Authority("a_b-c.d1", OptionalInt.empty())), parse("a_b-c.d1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":443",
        "a:",
        "a:0",
        "a:65536",
        "a:99999",
        "a:1:2",
        "a.",
        ".a",
        "a..b",
        "-a",
        "a-",
        "a@b",
        "a b",
        "a/b",
        "a\\b",
        "a%41",
        "a\n",
        "1.2.3",
        "1.2.3.256",
        "0x7f000001",
        "a.0x1",
        "[::1",
        "::1",
        "[::1%lo]",
        "[a]",
        "[]",
        "\u212aelvin.example"
      })
  void anythingElseIsRefused(String text) {
    assertEquals(Optional.empty(), parse(text));
  }

  @Test
  void lengthsAreThoseOfTheDns() {
    String label = "a".repeat(63);
    assertEquals(true, parse(label + ".example").isPresent());
    assertEquals(false, parse(label + "a.example").isPresent());
    assertEquals(false, parse((label + ".").repeat(4) + "a").isPresent());
  }

  private static Optional<Authority> parse(String text) {
    return Authority.parse(text);
  }
}
