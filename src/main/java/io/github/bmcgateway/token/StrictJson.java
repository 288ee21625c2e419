package io.github.bmcgateway.token;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The one reading of a part of a token: canonical base64url of valid UTF-8 of one JSON object whose
 * member names are unique. Whatever two parsers could read differently is malformed (RFC 7515,
 * section 4; RFC 8725, section 2.4).
 */
final class StrictJson {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private StrictJson() {}

  static ObjectNode object(String base64Url) throws InvalidTokenException {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(base64Url))).toString();
      if (READER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (CharacterCodingException | JacksonException e) {
      throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
    }
    throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
  }

  /** Decodes base64url without padding; an encoding whose unused bits aren't zero is refused. */
  static byte[] bytes(String base64Url) throws InvalidTokenException {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(base64Url);
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64Url)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
    }
    throw new InvalidTokenException(TokenResult.Reason.MALFORMED);
  }
}
