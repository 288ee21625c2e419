package io.github.bmcgateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JwkSetsTest {
  private static final String GOOD = TestJwks.key("good").jwk();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"kty\":\"oct\",\"k\":\"AAAA\"}|is secret",
        "{\"kty\":\"oct\"}|is secret",
        "{\"kty\":\"oct\",\"use\":\"enc\",\"k\":\"AAAA\"}|is secret",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"d\":\"AQAB\"}|is secret",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"use\":\"enc\",\"p\":\"AQAB\"}|is secret",
        "{\"kty\":\"AKP\",\"priv\":\"AQAB\"}|is secret",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}|isn't a valid key",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}|isn't a valid key",
        "{\"kty\":\"EC\",\"crv\":\"P-256\"}|isn't a valid key",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}|isn't a valid key",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}|isn't a valid key",
        "{\"kty\":\"RSA\",\"n\":\"????\",\"e\":\"AQAB\"}|isn't a valid key",
        "{\"crv\":\"P-256\"}|has no type",
        "{\"kty\":7}|has a member kty that",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":7}|has a member kid that",
        "7|has no type",
      })
  void aSetWithSuchAKeyIsRefusedAsAWhole(String key, String why) {
    String message = refused("{\"keys\":[" + GOOD + "," + key + "]}");
    assertTrue(message.startsWith("key 2 of 2 " + why), message);
    assertFalse(message.contains("AQAB") || message.contains("AAAA"), message);
  }

  @Test
  void anRsaKeyHasAtLeast2048Bits() throws Exception {
    assertTrue(refused("{\"keys\":[" + rsa(2047) + "]}").contains("of 2047 bits"));
    assertEquals(1, JwkSets.parse("{\"keys\":[" + rsa(2048) + "]}").size());
  }

  @Test
  void anRsaExponentThatSignsNothingIsRefused() throws Exception {
    String one = rsa(2048).replace("\"AQAB\"", "\"AQ\"");
    assertTrue(refused("{\"keys\":[" + one + "]}").contains("isn't a valid key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"keys\":{}}",
        "{\"keys\":[]}",
        "{\"keys\":[],\"keys\":[]}",
        "{\"keys\":[]} x",
        "<html>",
        "{\"kty\":\"EC\"}",
        "{\"keys\":[{\"kty\":\"new\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"enc\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"key_ops\":[]}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"HS256\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES384\"}]}"
      })
  void whatHoldsNoKeyForSignaturesIsRefused(String text) {
    refused(text);
  }

  @Test
  void aSetHasABoundedNumberOfKeys() throws InvalidKeysException {
    String hundred = String.join(",", Collections.nCopies(100, GOOD));
    assertEquals(100, JwkSets.parse("{\"keys\":[" + hundred + "]}").size());
    assertTrue(refused("{\"keys\":[" + hundred + "," + GOOD + "]}").contains("more than 100"));
  }

  @Test
  void theVectorOfTheEdwardsCurveRfcIsVerified() throws Exception {
    OctetKeyPair published =
        new OctetKeyPair.Builder(
                Curve.Ed25519, new Base64URL("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
            .build();
    // RFC 8037, appendix A.4.
    String signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    String signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    Ed25519 key = Ed25519.of(published.getDecodedX());
    assertTrue(key.verify(signed.getBytes("US-ASCII"), new Base64URL(signature).decode()));
    assertFalse(key.verify("other".getBytes("US-ASCII"), new Base64URL(signature).decode()));
  }

  private static String rsa(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
    return "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%s\"}"
        .formatted(Base64URL.encode(key.getModulus()));
  }

  private static String refused(String text) {
    return assertThrows(InvalidKeysException.class, () -> JwkSets.parse(text)).getMessage();
  }
}
