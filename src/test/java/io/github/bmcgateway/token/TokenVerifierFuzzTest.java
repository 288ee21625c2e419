package io.github.bmcgateway.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.testing.Fuzz;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tokens of any content: what counts is read as another reader of JSON reads it. */
@Fuzz
class TokenVerifierFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** What is nested deeper is refused by the other reader, which isn't another reading. */
  private static final int MAX_DEPTH = 100;

  private static final String HEADER = "{\"alg\":\"HS256\"}";

  private final TokenVerifier verifier =
      new TokenVerifier(
          new GatewayConfig.Token(
              List.of(Secret.of(TestTokens.KEY)),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Duration.ofHours(24)),
          Clock.fixed(NOW, ZoneOffset.UTC));

  /** The input is a payload, or a header and a payload on two lines, or a token as it stands. */
  @FuzzTest(maxDuration = "1m")
  void nothingUnsignedCountsAndNothingSignedIsReadInTwoWays(byte[] input) throws ParseException {
    String text = new String(input, UTF_8);
    if (text.chars().filter(c -> c == '[' || c == '{').count() > MAX_DEPTH) {
      return;
    }
    assertInstanceOf(TokenResult.Invalid.class, verifier.verify(text));
    int line = text.indexOf('\n');
    String header = line < 0 ? HEADER : text.substring(0, line);
    String payload = text.substring(line + 1);
    String token = TestTokens.sign(header, payload, TestTokens.KEY);
    TokenResult result = verifier.verify(token);
    if (result instanceof TokenResult.Valid valid) {
      assertTrue(valid.grant().expires().isAfter(NOW));
      agrees(valid.grant(), header, payload);
      oneCharacterOffIsInvalid(token);
    } else if (result instanceof TokenResult.Expired expired) {
      assertTrue(!expired.grant().expires().isAfter(NOW));
      agrees(expired.grant(), header, payload);
    }
  }

  private static void agrees(Grant grant, String header, String payload) throws ParseException {
    assertEquals("HS256", JSONObjectUtils.parse(header).get("alg"));
    Map<String, Object> claims = JSONObjectUtils.parse(payload);
    assertEquals(Optional.of(grant.address().ip()), IpAddresses.parse((String) claims.get("ip")));
    assertEquals(grant.expires().getEpochSecond(), ((Number) claims.get("exp")).longValue());
    assertEquals(grant.address().port(), ((Number) claims.getOrDefault("port", 443)).longValue());
    assertEquals(grant.address().host(), Optional.ofNullable(claims.get("host")));
    assertEquals(grant.once(), claims.getOrDefault("once", false));
    assertEquals(grant.scope().isPresent(), claims.containsKey("scope"));
    assertEquals(grant.subject(), Optional.ofNullable(claims.get("sub")));
  }

  private void oneCharacterOffIsInvalid(String token) {
    for (int at = 0; at < token.length(); at += 7) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, at) + other + token.substring(at + 1);
      assertInstanceOf(TokenResult.Invalid.class, verifier.verify(changed));
    }
  }
}
