package io.github.bmcgateway.cli;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** Makes tokens and signs them with one key. Safe for use by several threads. */
final class TokenMinter {
  private static final int ID_BYTES = 16;

  private final SigningKey key;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  TokenMinter(SigningKey key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /** The token in compact form, valid from now on; its times are whole seconds. */
  String mint(TokenClaims claims, Duration lifetime) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return key.sign(claims.toClaimsSet(now, lifetime, newId()).toJSONObject());
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }
}
