package io.github.bmcgateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.function.Consumer;

/** Mints tokens as a provider's backend does. */
public final class Tokens {
  /** The key of test gateways. */
  public static final String KEY = "Wq3vB8kZr1LxT6uYd0PsGf4hJm9CnA2e";

  private Tokens() {}

  /** A token for a BMC on loopback, valid for the seconds from now, with what {@code more} adds. */
  public static String mint(int bmcPort, long seconds, Consumer<JWTClaimsSet.Builder> more) {
    Instant now = Instant.now();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .claim("ip", "127.0.0.1")
            .claim("port", bmcPort)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now.minusSeconds(10)))
            .expirationTime(Date.from(now.plusSeconds(seconds)));
    more.accept(claims);
    return sign(claims.build());
  }

  public static String mint(int bmcPort, String vendor) {
    return mint(bmcPort, 1800, claims -> claims.claim("vendor", vendor));
  }

  public static String sign(JWTClaimsSet claims) {
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
      token.sign(new MACSigner(KEY.getBytes(StandardCharsets.UTF_8)));
      return token.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
