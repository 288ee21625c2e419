package io.github.bmcgateway.cli;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.SignedJWT;
import io.github.bmcgateway.config.Secret;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** Signs tokens with HS256 and one secret. Safe for use by several threads. */
final class TokenMinter {
  private static final int ID_BYTES = 16;
  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();

  private final Secret key;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  TokenMinter(Secret key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /** The token in compact form, valid from now on; its times are whole seconds. */
  String mint(TokenClaims claims, Duration lifetime) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    SignedJWT token = new SignedJWT(HEADER, claims.toClaimsSet(now, lifetime, newId()));
    try {
      token.sign(new MACSigner(key.reveal()));
    } catch (JOSEException e) {
      throw new IllegalStateException("The settings let a key pass that can't sign", e);
    }
    return token.serialize();
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }
}
