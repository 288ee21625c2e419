package io.github.bmcgateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import io.github.bmcgateway.config.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of one source at one time. Immutable; safe for use by several threads. */
final class KeyRing {
  static final KeyRing EMPTY = new KeyRing(List.of(), 0, List.of());

  /** Public keys that are tried for one token, which costs the time of a verification each. */
  static final int MAX_TRIES = 8;

  private final Map<String, List<VerificationKey>> byAlgorithm = new HashMap<>();
  private final int size;
  private final int maxTries;
  private final List<Secret> secrets;

  private KeyRing(List<VerificationKey> keys, int maxTries, List<Secret> secrets) {
    this.secrets = List.copyOf(secrets);
    this.size = keys.size();
    this.maxTries = maxTries;
    for (VerificationKey key : keys) {
      for (String algorithm : key.algorithms()) {
        byAlgorithm.computeIfAbsent(algorithm, name -> new ArrayList<>()).add(key);
      }
    }
  }

  /**
   * HS256 with these secrets.
   *
   * @throws IllegalArgumentException a key is shorter than 32 bytes
   */
  static KeyRing ofSecrets(List<Secret> secrets) {
    List<VerificationKey> keys = new ArrayList<>();
    for (Secret secret : secrets) {
      try {
        keys.add(VerificationKey.secret(JWSAlgorithm.HS256, new MACVerifier(secret.reveal())));
      } catch (JOSEException e) {
        throw new IllegalArgumentException("A token key has fewer than 32 bytes", e);
      }
    }
    return new KeyRing(keys, keys.size(), secrets);
  }

  static KeyRing ofPublicKeys(List<VerificationKey> keys) {
    return new KeyRing(keys, MAX_TRIES, List.of());
  }

  int size() {
    return size;
  }

  /** The secrets that it was made of, if it was. */
  List<Secret> secrets() {
    return secrets;
  }

  /** Whether any key may be used with this algorithm. */
  boolean permits(String algorithm) {
    return byAlgorithm.containsKey(algorithm);
  }

  /** The keys that may have signed a token whose header says this. */
  List<VerificationKey> find(String algorithm, Optional<String> kid) {
    List<VerificationKey> found = new ArrayList<>();
    for (VerificationKey key : byAlgorithm.getOrDefault(algorithm, List.of())) {
      if (found.size() < maxTries && key.answersTo(kid)) {
        found.add(key);
      }
    }
    return found;
  }
}
