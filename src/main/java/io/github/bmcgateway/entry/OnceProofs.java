package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.token.Grant;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells the browser that has used a one-time link from whoever else knows the link. The cookie of
 * such a session is the token, a dot and a proof, which only the gateway can make and only the
 * answer to the link's one use carries: the token alone, put into a cookie by hand, opens nothing.
 *
 * <p>The proof is a MAC over the session's identifier under the token issuer's secret. So every
 * node and every gateway that verifies the token also verifies the proof, and none has to ask
 * another for it. Where there is no secret, as with public keys only, a random key of this process
 * takes its place: such sessions end with the process, and stay on one node. It goes on to be known
 * when the issuer gets a secret later.
 *
 * <p>128 bits, so that a cookie with the longest token is still one that browsers keep (4,096
 * bytes). Immutable but for the secrets; safe for use by several threads.
 */
final class OnceProofs {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int PROOF_BYTES = 16;
  private static final int KEY_BYTES = 32;
  private static final int TOKEN_PARTS = 3;

  /** What a token's signature signs has no blank in it: nothing signed for one passes as other. */
  private static final String PURPOSE = "used one-time link ";

  private final Supplier<List<Secret>> secrets;
  private final Secret ownKey;

  /**
   * @param secrets the token issuer's secrets in force, the first one for new proofs; may be empty
   * @param ownKey this process's, of {@link #randomKey()}
   */
  OnceProofs(Supplier<List<Secret>> secrets, Secret ownKey) {
    this.secrets = secrets;
    this.ownKey = ownKey;
  }

  /** A key for the sessions of this process alone. */
  static Secret randomKey() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Secret.of(Base64.getEncoder().encodeToString(key));
  }

  /** What the session's cookie holds, given that its link was used by this browser. */
  String cookie(String token, Grant grant) {
    return grant.once() ? token + "." + proof(keys().get(0), grant) : token;
  }

  /** The token in a session's cookie. */
  static String token(String cookie) {
    int end = -1;
    for (int part = 0; part < TOKEN_PARTS; part++) {
      end = cookie.indexOf('.', end + 1);
      if (end < 0) {
        return cookie;
      }
    }
    return cookie.substring(0, end);
  }

  /** Whether the cookie, which holds this grant's token, holds a session. */
  boolean fits(String cookie, Grant grant) {
    String token = token(cookie);
    if (!grant.once()) {
      return cookie.equals(token);
    }
    byte[] given = cookie.substring(token.length()).getBytes(StandardCharsets.ISO_8859_1);
    return keys().stream()
        .map(key -> ("." + proof(key, grant)).getBytes(StandardCharsets.ISO_8859_1))
        .anyMatch(proof -> MessageDigest.isEqual(proof, given));
  }

  private List<byte[]> keys() {
    return Stream.concat(secrets.get().stream(), Stream.of(ownKey)).map(Secret::reveal).toList();
  }

  private static String proof(byte[] key, Grant grant) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      byte[] full = mac.doFinal((PURPOSE + grant.id()).getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(full, PROOF_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 isn't available", e);
    }
  }
}
