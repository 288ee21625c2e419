package io.github.bmcgateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies session tokens: a JWS in compact form (RFC 7515), signed with one of the configured
 * keys. A key says by which algorithms it may be used; the one that a token names only picks among
 * the keys (RFC 8725, section 3.1), as its {@code kid} does, and whatever else its header says
 * about keys is ignored. {@code exp} is exact; the issuer's clock may be 10 seconds ahead. A good
 * token is remembered, as long as its keys are in force, so that its signature is verified once and
 * not for each request. Cheap to make; safe for use by several threads.
 */
public final class TokenVerifier {
  /** Longest token in characters: browsers drop a cookie of more than 4,096 bytes with its name. */
  public static final int MAX_LENGTH = 4_000;

  private static final Duration SKEW = Duration.ofSeconds(10);

  private static final String KEY_ID = "kid";

  /** Header members that change what is signed or what it means; none of it is done here. */
  private static final Set<String> UNSUPPORTED_HEADERS = Set.of("crit", "b64", "cty", "zip");

  private static final long REMEMBERED_BYTES = 8L << 20;

  /** What a grant takes in memory, beside its token's characters: about. */
  private static final int GRANT_BYTES = 1_024;

  private final TokenKeys keys;
  private final AudienceRule audience;
  private final Optional<String> issuer;
  private final Duration maxLifetime;
  private final Clock clock;
  private final Cache<String, Checked> remembered =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED_BYTES)
          .weigher((String token, Checked checked) -> token.length() + GRANT_BYTES)
          .build();

  /**
   * A token that was found good, but for the time.
   *
   * @param keys those that were in force; by others it has to be verified again
   * @param starts the latest of the instants before which it doesn't hold
   */
  private record Checked(List<KeyRing> keys, Grant grant, Instant starts) {}

  /**
   * A verifier with these settings.
   *
   * @param keys the keys of these settings; stays the caller's to close
   */
  public TokenVerifier(GatewayConfig.Token config, TokenKeys keys, Clock clock) {
    this.keys = keys;
    this.audience = new AudienceRule(config.audience());
    this.issuer = config.issuer();
    this.maxLifetime = config.maxLifetime();
    this.clock = clock;
  }

  /**
   * A verifier that knows nothing but the secrets of these settings.
   *
   * @throws IllegalArgumentException a key is shorter than 32 bytes
   */
  public TokenVerifier(GatewayConfig.Token config, Clock clock) {
    this(config, TokenKeys.of(config.keys()), clock);
  }

  /** The secrets that a token may be signed with now, in the order of the setting. */
  public List<Secret> secrets() {
    return keys.secrets();
  }

  /** Verifies one token; never throws for what a client sent. */
  public TokenResult verify(String token) {
    try {
      return checkTimes(checked(token));
    } catch (InvalidTokenException e) {
      return e.result();
    }
  }

  private Checked checked(String token) throws InvalidTokenException {
    // Before the token is verified: what changes meanwhile counts as a change.
    List<KeyRing> inForce = keys.inForce();
    Checked known = remembered.getIfPresent(token);
    if (known != null && known.keys.equals(inForce)) {
      return known;
    }
    Claims claims = new Claims(signedPayload(token));
    Grant grant = claims.toGrant(id(token), audience);
    checkIssuer(claims, grant);
    Instant notBefore = claims.instant("nbf").orElse(Instant.MIN);
    Instant issued = grant.issued().orElse(Instant.MIN);
    Checked checked = new Checked(inForce, grant, notBefore.isAfter(issued) ? notBefore : issued);
    remembered.put(token, checked);
    return checked;
  }

  private ObjectNode signedPayload(String token) throws InvalidTokenException {
    if (token.length() > MAX_LENGTH) {
      throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
    }
    ObjectNode header = StrictJson.object(parts[0]);
    checkHeader(header);
    checkSignature(header, parts[0] + "." + parts[1], StrictJson.bytes(parts[2]));
    return StrictJson.object(parts[1]);
  }

  private static void checkHeader(ObjectNode header) throws InvalidTokenException {
    JsonNode type = header.path("typ");
    boolean jwt = type.isMissingNode() || "JWT".equals(type.asText().toUpperCase(Locale.ROOT));
    boolean named = !header.has(KEY_ID) || header.path(KEY_ID).isTextual();
    if (!jwt || !named || UNSUPPORTED_HEADERS.stream().anyMatch(header::has)) {
      throw new InvalidTokenException(TokenResult.Reason.HEADER);
    }
  }

  private void checkSignature(ObjectNode header, String signed, byte[] signature)
      throws InvalidTokenException {
    String algorithm = header.path("alg").asText();
    byte[] input = signed.getBytes(StandardCharsets.US_ASCII);
    for (VerificationKey key : keys.find(algorithm, keyId(header))) {
      if (key.verify(algorithm, input, signature)) {
        return;
      }
    }
    throw new InvalidTokenException(
        keys.permit(algorithm) ? TokenResult.Reason.SIGNATURE : TokenResult.Reason.HEADER);
  }

  private static Optional<String> keyId(ObjectNode header) {
    return Optional.ofNullable(header.path(KEY_ID).textValue());
  }

  private void checkIssuer(Claims claims, Grant grant) throws InvalidTokenException {
    if (issuer.isPresent() && !claims.string("iss").equals(issuer)) {
      throw new InvalidTokenException(TokenResult.Reason.ISSUER, grant);
    }
  }

  private TokenResult checkTimes(Checked token) throws InvalidTokenException {
    Grant grant = token.grant;
    Instant now = clock.instant();
    Instant latestStart = now.plus(SKEW);
    if (token.starts.isAfter(latestStart)) {
      throw new InvalidTokenException(TokenResult.Reason.NOT_YET_VALID, grant);
    }
    // The issuer's clock may be ahead here too, or the longest token would fail now and then. From
    // its issue on, too: a revocation is forgotten when the longest token has expired.
    Instant latestEnd = latestStart.plus(maxLifetime);
    Instant ownEnd =
        grant.issued().map(start -> start.plus(SKEW).plus(maxLifetime)).orElse(latestEnd);
    if (grant.expires().isAfter(latestEnd) || grant.expires().isAfter(ownEnd)) {
      throw new InvalidTokenException(TokenResult.Reason.LIFETIME, grant);
    }
    return now.isBefore(grant.expires())
        ? new TokenResult.Valid(grant)
        : new TokenResult.Expired(grant);
  }

  /**
   * Without the signature: of an ECDSA signature anybody can make a second one, and the token would
   * have a second identity that no log-out has ended.
   */
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
}
