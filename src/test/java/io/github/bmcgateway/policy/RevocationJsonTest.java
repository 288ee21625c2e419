package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bmcgateway.policy.Revocation.Kind;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationJsonTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final RevocationJson json = new RevocationJson(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void whatIsntSaidIsNow() throws Exception {
    assertEquals(
        new Revocation(Kind.JTI, "a b", NOW, Optional.empty()), json.read("{\"jti\":\"a b\"}"));
  }

  @Test
  void everythingCanBeSaidAndIsWrittenAsItWasRead() throws Exception {
    String line = "{\"sub\":\"ada\",\"before\":\"2026-11-21T00:00:00Z\",\"reason\":\"gone\"}";
    Revocation read = json.read(" " + line + "\n");
    assertEquals(
        new Revocation(Kind.SUB, "ada", Instant.parse("2026-11-21T00:00:00Z"), Optional.of("gone")),
        read);
    assertEquals(line, RevocationJson.line(read));
  }

  @Test
  void aBmcsAddressHasOneSpelling() throws Exception {
    assertEquals("10.0.0.5", json.read("{\"bmc\":\"::ffff:10.0.0.5\"}").value());
    assertEquals(
        json.read("{\"bmc\":\"fd00::5\"}").value(),
        json.read("{\"bmc\":\"FD00:0::0005\"}").value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"planted\"",
        "{}",
        "{\"jti\":\"planted\"",
        "{\"jti\":\"planted\"}{}",
        "{\"jti\":\"planted\",\"jti\":\"b\"}",
        "{\"jti\":\"planted\",\"sub\":\"b\"}",
        "{\"jti\":\"planted\",\"befor\":\"2026-11-21T00:00:00Z\"}",
        "{\"jti\":1}",
        "{\"jti\":null}",
        "{\"jti\":\"\"}",
        "{\"bmc\":\"planted.example\"}",
        "{\"bmc\":\"10.0.0.0/8\"}",
        "{\"jti\":\"planted\",\"before\":\"yesterday\"}",
        "{\"jti\":\"planted\",\"before\":1700000000}",
        "{\"jti\":\"planted\",\"before\":\"2999-01-01T00:00:00Z\"}",
        "{\"jti\":\"planted\",\"reason\":\"two\\nlines\"}"
      })
  void whatIsntARevocationIsRefusedAndNotQuoted(String text) {
    InvalidRevocationException refused =
        assertThrows(InvalidRevocationException.class, () -> json.read(text));
    assertFalse(refused.why().contains("planted"), refused::why);
  }
}
