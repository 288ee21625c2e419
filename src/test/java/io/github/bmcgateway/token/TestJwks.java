package io.github.bmcgateway.token;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;

/** A key of a token issuer: signs ES256 tokens, and shows its public half as a JWK. */
public final class TestJwks {
  private static final int COORDINATE_BYTES = 32;

  private final String kid;
  private final KeyPair pair;

  private TestJwks(String kid, KeyPair pair) {
    this.kid = kid;
    this.pair = pair;
  }

  public static TestJwks key(String kid) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new TestJwks(kid, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The set of these keys. */
  public static String set(TestJwks... keys) {
    List<String> texts = Arrays.stream(keys).map(TestJwks::jwk).toList();
    return "{\"keys\":[" + String.join(",", texts) + "]}";
  }

  public String jwk() {
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(
            kid,
            coordinate(key.getW().getAffineX().toByteArray()),
            coordinate(key.getW().getAffineY().toByteArray()));
  }

  /** Signs the token's claims; its own header is left out. */
  public String sign(TestTokens token) {
    return sign(token, "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}");
  }

  public String sign(TestTokens token, String header) {
    String signed = TestTokens.encode(header) + "." + TestTokens.encode(token.payload());
    try {
      Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
      signer.initSign(pair.getPrivate());
      signer.update(signed.getBytes(US_ASCII));
      return signed + "." + TestTokens.encode(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String coordinate(byte[] number) {
    byte[] fixed = new byte[COORDINATE_BYTES];
    int length = Math.min(number.length, COORDINATE_BYTES);
    System.arraycopy(number, number.length - length, fixed, COORDINATE_BYTES - length, length);
    return TestTokens.encode(fixed);
  }
}
