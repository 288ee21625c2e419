package io.github.bmcgateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One key with the algorithms that it may be used with. Its type decides on them, never a token
 * (RFC 8725, section 3.1). Immutable; safe for use by several threads.
 */
final class VerificationKey {
  /** Checks one signature by one algorithm. */
  @FunctionalInterface
  interface Primitive {
    boolean verify(String algorithm, byte[] signed, byte[] signature)
        throws GeneralSecurityException, JOSEException;
  }

  private final Optional<String> id;
  private final boolean isNamed;
  private final Set<String> algorithms;
  private final Primitive primitive;

  private VerificationKey(
      Optional<String> id, boolean isNamed, Set<String> algorithms, Primitive primitive) {
    this.id = id;
    this.isNamed = isNamed;
    this.algorithms = Set.copyOf(algorithms);
    this.primitive = primitive;
  }

  /** A secret, which has no name: whatever {@code kid} says, it is tried. */
  static VerificationKey secret(JWSAlgorithm algorithm, JWSVerifier verifier) {
    Set<String> algorithms = Set.of(algorithm.getName());
    return new VerificationKey(Optional.empty(), false, algorithms, by(verifier, algorithms));
  }

  /** A public key of a set, with its {@code kid} if it has one. */
  static VerificationKey named(Optional<String> id, Set<String> algorithms, Primitive primitive) {
    return new VerificationKey(id, true, algorithms, primitive);
  }

  /** What Nimbus' verifier does. */
  static Primitive by(JWSVerifier verifier, Set<String> algorithms) {
    Map<String, JWSHeader> headers =
        algorithms.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), name -> new JWSHeader(JWSAlgorithm.parse(name))));
    return (algorithm, signed, signature) -> {
      JWSHeader header = headers.get(algorithm);
      return header != null && verifier.verify(header, signed, Base64URL.encode(signature));
    };
  }

  Set<String> algorithms() {
    return algorithms;
  }

  /** Whether a token that names this key, or none, may be signed with it. */
  boolean answersTo(Optional<String> kid) {
    return !isNamed || kid.isEmpty() || kid.equals(id);
  }

  /** Whether this key made the signature; false as well for an algorithm that isn't its own. */
  boolean verify(String algorithm, byte[] signed, byte[] signature) {
    try {
      return algorithms.contains(algorithm) && primitive.verify(algorithm, signed, signature);
    } catch (GeneralSecurityException | JOSEException e) {
      // The key was tried when it was loaded, so this is the signature's fault.
      return false;
    }
  }

  /** Fails when the runtime can't work with this key. */
  void tryOut() throws GeneralSecurityException, JOSEException {
    for (String algorithm : algorithms) {
      try {
        primitive.verify(algorithm, new byte[1], new byte[64]);
      } catch (SignatureException e) {
        // The signature's fault, not the key's.
      }
    }
  }
}
