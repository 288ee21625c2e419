package io.github.bmcgateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies session tokens: a JWS in compact form (RFC 7515), signed with HS256 and one of the
 * configured secrets. The algorithm comes from the configuration; the one that a token names has to
 * be the same and decides nothing (RFC 8725, section 3.1). {@code exp} is exact; the issuer's clock
 * may be 10 seconds ahead. Immutable; safe for use by several threads.
 */
public final class TokenVerifier {
  /** Longest token in characters: browsers drop a cookie of more than 4,096 bytes with its name. */
  public static final int MAX_LENGTH = 4_000;

  private static final Duration SKEW = Duration.ofSeconds(10);
  private static final JWSHeader HS256 = new JWSHeader(JWSAlgorithm.HS256);

  /** Header members that change what is signed or what it means; none of it is done here. */
  private static final Set<String> UNSUPPORTED_HEADERS = Set.of("crit", "b64", "cty", "zip");

  private final List<JWSVerifier> keys;
  private final Optional<String> issuer;
  private final Duration maxLifetime;
  private final Clock clock;

  /**
   * A verifier with these settings.
   *
   * @throws IllegalArgumentException a key is shorter than 32 bytes
   */
  public TokenVerifier(GatewayConfig.Token config, Clock clock) {
    this.keys = verifiers(config.keys());
    this.issuer = config.issuer();
    this.maxLifetime = config.maxLifetime();
    this.clock = clock;
  }

  /** Verifies one token; never throws for what a client sent. */
  public TokenResult verify(String token) {
    try {
      Claims claims = new Claims(signedPayload(token));
      Grant grant = claims.toGrant(id(token));
      checkIssuer(claims);
      return checkTimes(claims, grant);
    } catch (InvalidTokenException e) {
      return new TokenResult.Invalid(e.reason());
    }
  }

  private ObjectNode signedPayload(String token) throws InvalidTokenException {
    if (token.length() > MAX_LENGTH) {
      throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
    }
    checkHeader(StrictJson.object(parts[0]));
    checkSignature(parts[0] + "." + parts[1], StrictJson.bytes(parts[2]));
    return StrictJson.object(parts[1]);
  }

  private static void checkHeader(ObjectNode header) throws InvalidTokenException {
    boolean algorithm = JWSAlgorithm.HS256.getName().equals(header.path("alg").textValue());
    JsonNode type = header.path("typ");
    boolean jwt = type.isMissingNode() || "JWT".equals(type.asText().toUpperCase(Locale.ROOT));
    if (!algorithm || !jwt || UNSUPPORTED_HEADERS.stream().anyMatch(header::has)) {
      throw new InvalidTokenException(TokenResult.Reason.HEADER);
    }
  }

  private void checkSignature(String signed, byte[] signature) throws InvalidTokenException {
    byte[] input = signed.getBytes(StandardCharsets.US_ASCII);
    Base64URL encoded = Base64URL.encode(signature);
    try {
      for (JWSVerifier key : keys) {
        if (key.verify(HS256, input, encoded)) {
          return;
        }
      }
    } catch (JOSEException e) {
      throw new IllegalStateException("HmacSHA256 isn't available", e);
    }
    throw new InvalidTokenException(TokenResult.Reason.SIGNATURE);
  }

  private void checkIssuer(Claims claims) throws InvalidTokenException {
    if (issuer.isPresent() && !claims.string("iss").equals(issuer)) {
      throw new InvalidTokenException(TokenResult.Reason.ISSUER);
    }
  }

  private TokenResult checkTimes(Claims claims, Grant grant) throws InvalidTokenException {
    Instant now = clock.instant();
    Instant latestStart = now.plus(SKEW);
    Instant starts = claims.instant("nbf").orElse(Instant.MIN);
    Instant issued = claims.instant("iat").orElse(Instant.MIN);
    if (starts.isAfter(latestStart) || issued.isAfter(latestStart)) {
      throw new InvalidTokenException(TokenResult.Reason.NOT_YET_VALID);
    }
    // The issuer's clock may be ahead here too, or the longest token would fail now and then.
    if (grant.expires().isAfter(latestStart.plus(maxLifetime))) {
      throw new InvalidTokenException(TokenResult.Reason.LIFETIME);
    }
    return now.isBefore(grant.expires())
        ? new TokenResult.Valid(grant)
        : new TokenResult.Expired(grant);
  }

  private static String id(String token) {
    try {
      String signed = token.substring(0, token.lastIndexOf('.'));
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(signed.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  private static List<JWSVerifier> verifiers(List<Secret> secrets) {
    List<JWSVerifier> verifiers = new ArrayList<>();
    for (Secret secret : secrets) {
      try {
        verifiers.add(new MACVerifier(secret.reveal()));
      } catch (JOSEException e) {
        throw new IllegalArgumentException("A token key has fewer than 32 bytes", e);
      }
    }
    return List.copyOf(verifiers);
  }
}
