package io.github.bmcgateway.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/**
 * Ed25519 (RFC 8032, RFC 8037) by the JDK; Nimbus' own verifier needs a further library. Immutable;
 * safe for use by several threads.
 */
final class Ed25519 {
  private static final String NAME = "Ed25519";
  private static final int BYTES = 32;

  private final PublicKey key;

  private Ed25519(PublicKey key) {
    this.key = key;
  }

  /** The key of these 32 bytes: y, little-endian, with the sign of x as the highest bit. */
  static Ed25519 of(byte[] encoded) throws GeneralSecurityException {
    if (encoded.length != BYTES) {
      throw new GeneralSecurityException("An Ed25519 key has 32 bytes");
    }
    byte[] y = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      y[i] = encoded[BYTES - 1 - i];
    }
    boolean isOdd = y[0] < 0;
    y[0] &= 0x7f;
    EdECPoint point = new EdECPoint(isOdd, new BigInteger(1, y));
    return new Ed25519(
        KeyFactory.getInstance(NAME)
            .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point)));
  }

  boolean verify(byte[] signed, byte[] signature) throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(NAME);
    verifier.initVerify(key);
    verifier.update(signed);
    return signature.length == 2 * BYTES && verifier.verify(signature);
  }
}
