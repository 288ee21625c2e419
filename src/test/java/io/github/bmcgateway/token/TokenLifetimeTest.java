package io.github.bmcgateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A token can't wait until a revocation is forgotten, and become valid then. */
class TokenLifetimeTest {
  private static final Instant ISSUED = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration LIFE = Duration.ofHours(24);

  private static TokenResult verify(Duration claimed, Duration later) {
    GatewayConfig.Token config =
        new GatewayConfig.Token(List.of(Secret.of(TestTokens.KEY)), Optional.empty(), LIFE);
    String token =
        TestTokens.token("10.0.0.5", ISSUED.plus(claimed))
            .claim("iat", ISSUED.getEpochSecond())
            .build();
    return new TokenVerifier(config, Clock.fixed(ISSUED.plus(later), ZoneOffset.UTC)).verify(token);
  }

  @Test
  void theLongestTokenIsGoodToItsEnd() {
    assertInstanceOf(TokenResult.Valid.class, verify(LIFE, LIFE.minusSeconds(1)));
    assertInstanceOf(TokenResult.Valid.class, verify(LIFE.plusSeconds(10), LIFE));
  }

  @Test
  void aLongerOneIsNeverGood() {
    assertTooLong(verify(LIFE.multipliedBy(7), Duration.ZERO));
    assertTooLong(verify(LIFE.multipliedBy(7), LIFE.multipliedBy(6).plusHours(1)));
    assertTooLong(verify(LIFE.plusSeconds(11), LIFE));
  }

  private static void assertTooLong(TokenResult result) {
    TokenResult.Invalid invalid = assertInstanceOf(TokenResult.Invalid.class, result);
    assertEquals(TokenResult.Reason.LIFETIME, invalid.reason());
  }
}
