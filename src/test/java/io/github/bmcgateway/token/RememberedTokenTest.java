package io.github.bmcgateway.token;

import static io.github.bmcgateway.token.TestTokens.KEY;
import static io.github.bmcgateway.token.TestTokens.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.token.TokenResult.Expired;
import io.github.bmcgateway.token.TokenResult.Invalid;
import io.github.bmcgateway.token.TokenResult.Reason;
import io.github.bmcgateway.token.TokenResult.Valid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A token that comes again and again, as a session's does. */
class RememberedTokenTest {
  private static final String OTHER_KEY = "f".repeat(32);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
  private final AtomicReference<KeyRing> ring = new AtomicReference<>(ring(KEY));
  private final TokenVerifier verifier =
      new TokenVerifier(
          new GatewayConfig.Token(List.of(), Optional.empty(), Duration.ofHours(24)),
          TokenKeys.of(ring::get),
          new Ticking());
  private final String token =
      token("10.0.0.5", now.get().plusSeconds(60)).claim("nbf", now.get().getEpochSecond()).build();

  @Test
  void isVerifiedOnce() {
    assertSame(valid().grant(), valid().grant());
  }

  @Test
  void opensNothingAfterItsExpiryNorBeforeItsStart() {
    valid();

    now.updateAndGet(then -> then.plusSeconds(60));
    assertInstanceOf(Expired.class, verifier.verify(token));
    now.updateAndGet(then -> then.minusSeconds(100));
    assertEquals(Reason.NOT_YET_VALID, reason());
  }

  @Test
  void opensNothingWithoutItsKey() {
    valid();

    ring.set(ring(OTHER_KEY));
    assertEquals(Reason.SIGNATURE, reason());
    ring.set(ring(OTHER_KEY, KEY));
    valid();
  }

  private Valid valid() {
    return assertInstanceOf(Valid.class, verifier.verify(token));
  }

  private Reason reason() {
    return assertInstanceOf(Invalid.class, verifier.verify(token)).reason();
  }

  private static KeyRing ring(String... keys) {
    return KeyRing.ofSecrets(List.of(keys).stream().map(Secret::of).toList());
  }

  private final class Ticking extends Clock {
    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
