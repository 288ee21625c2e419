package io.github.bmcgateway.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes tokens for tests, good and bad, with nothing but the JDK: what the verifier reads wasn't
 * written by the library it uses.
 */
public final class TestTokens {
  /** A secret of 32 bytes. */
  public static final String KEY = "0123456789abcdef0123456789ABCDEF";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Object> claims = new LinkedHashMap<>();
  private String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  private String key = KEY;

  private TestTokens() {}

  /** A good token for the address, until the instant. */
  public static TestTokens token(String ip, Instant expires) {
    return new TestTokens().claim("ip", ip).claim("exp", expires.getEpochSecond());
  }

  public TestTokens claim(String name, Object value) {
    claims.put(name, value);
    return this;
  }

  public TestTokens without(String name) {
    claims.remove(name);
    return this;
  }

  public TestTokens header(String json) {
    header = json;
    return this;
  }

  public TestTokens key(String secret) {
    key = secret;
    return this;
  }

  /** The payload as JSON. */
  public String payload() {
    try {
      return JSON.writeValueAsString(claims);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The token in compact form. */
  public String build() {
    return sign(header, payload(), key);
  }

  /** A token of exactly this header and payload. */
  public static String sign(String header, String payload, String key) {
    return signEncoded(encode(header) + "." + encode(payload), key);
  }

  /** Appends the signature. */
  public static String signEncoded(String signed, String key) {
    return signed + "." + encode(hmac("HmacSHA256", signed, key.getBytes(UTF_8)));
  }

  static byte[] hmac(String algorithm, String signed, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(signed.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(String text) {
    return encode(text.getBytes(UTF_8));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
