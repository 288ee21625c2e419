package io.github.bmcgateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Reads one key of a JWK set (RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2). */
final class JwkReader {
  private static final int MIN_RSA_BITS = 2048;

  /** A verification with more would cost every request milliseconds. */
  private static final int MAX_RSA_BITS = 8192;

  private static final Set<String> RSA =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");

  /** RFC 9864 gives EdDSA with this curve a name of its own. */
  private static final Set<String> ED25519 = Set.of("EdDSA", "Ed25519");

  private static final Map<String, Set<String>> CURVES =
      Map.of(
          "EC P-256", Set.of("ES256"),
          "EC P-384", Set.of("ES384"),
          "EC P-521", Set.of("ES512"),
          "OKP Ed25519", ED25519);

  private static final List<String> PRIVATE =
      List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");

  private JwkReader() {}

  /** Whether a public key may be for this algorithm. */
  static boolean isAlgorithm(String name) {
    return RSA.contains(name)
        || ED25519.contains(name)
        || CURVES.values().stream().anyMatch(names -> names.contains(name));
  }

  /** The key, or empty if it isn't one for the signatures of tokens. */
  static Optional<VerificationKey> read(JsonNode jwk) throws InvalidKeysException {
    String type = text(jwk, "kty").orElse("");
    if (type.isEmpty()) {
      throw new InvalidKeysException("has no type (kty)");
    }
    if (type.equals("oct") || PRIVATE.stream().anyMatch(jwk::has)) {
      throw new InvalidKeysException(
          "is secret: a set of public keys must not hold secret or private ones; if it was"
              + " published, replace the key");
    }
    Set<String> algorithms = algorithms(jwk, type);
    return algorithms.isEmpty() ? Optional.empty() : Optional.of(key(jwk, algorithms));
  }

  private static Set<String> algorithms(JsonNode jwk, String type) throws InvalidKeysException {
    Optional<String> use = text(jwk, "use");
    if (!use.orElse("sig").equals("sig") || !mayVerify(jwk.path("key_ops"))) {
      return Set.of();
    }
    Set<String> fitting =
        type.equals("RSA")
            ? RSA
            : CURVES.getOrDefault(type + " " + text(jwk, "crv").orElse(""), Set.of());
    Optional<String> only = text(jwk, "alg");
    if (only.isEmpty()) {
      return fitting;
    }
    return fitting.contains(only.get()) ? Set.of(only.get()) : Set.of();
  }

  private static boolean mayVerify(JsonNode operations) {
    return operations.isMissingNode()
        || StreamSupport.stream(operations.spliterator(), false)
            .anyMatch(operation -> "verify".equals(operation.textValue()));
  }

  private static VerificationKey key(JsonNode jwk, Set<String> algorithms)
      throws InvalidKeysException {
    try {
      VerificationKey key =
          VerificationKey.named(
              text(jwk, "kid"), algorithms, primitive(JWK.parse(jwk.toString()), algorithms));
      key.tryOut();
      return key;
    } catch (ParseException
        | JOSEException
        | GeneralSecurityException
        | IllegalArgumentException
        | IllegalStateException e) {
      // The causes' messages may quote the key.
      throw new InvalidKeysException("isn't a valid key of its type");
    }
  }

  private static VerificationKey.Primitive primitive(JWK jwk, Set<String> algorithms)
      throws JOSEException, GeneralSecurityException, InvalidKeysException {
    if (jwk instanceof RSAKey rsa) {
      return VerificationKey.by(new RSASSAVerifier(checked(rsa.toRSAPublicKey())), algorithms);
    }
    if (jwk instanceof ECKey ec) {
      return VerificationKey.by(new ECDSAVerifier(ec.toECPublicKey()), algorithms);
    }
    if (jwk instanceof OctetKeyPair pair) {
      Ed25519 key = Ed25519.of(pair.getDecodedX());
      return (algorithm, signed, signature) -> key.verify(signed, signature);
    }
    throw new JOSEException("Another type than it says");
  }

  private static RSAPublicKey checked(RSAPublicKey key) throws InvalidKeysException {
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new InvalidKeysException(
          "is an RSA key of %d bits; it needs %d to %d"
              .formatted(bits, MIN_RSA_BITS, MAX_RSA_BITS));
    }
    return key;
  }

  private static Optional<String> text(JsonNode jwk, String name) throws InvalidKeysException {
    JsonNode member = jwk.path(name);
    if (member.isMissingNode()) {
      return Optional.empty();
    }
    if (!member.isTextual()) {
      throw new InvalidKeysException("has a member " + name + " that isn't a text");
    }
    return Optional.of(member.textValue());
  }
}
