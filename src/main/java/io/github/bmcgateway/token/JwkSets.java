package io.github.bmcgateway.token;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JWK sets (RFC 7517). Keys that aren't for signatures that a token may have are left out, as
 * section 5 wants it; a set with a key that must not be in it, or is weak, is refused as a whole.
 */
final class JwkSets {
  /** Longest text in bytes. */
  static final int MAX_BYTES = 256 * 1024;

  private static final int MAX_KEYS = 100;
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private JwkSets() {}

  static KeyRing parse(String text) throws InvalidKeysException {
    JsonNode keys = keys(text);
    List<VerificationKey> usable = new ArrayList<>();
    for (int index = 0; index < keys.size(); index++) {
      try {
        JwkReader.read(keys.get(index)).ifPresent(usable::add);
      } catch (InvalidKeysException e) {
        throw new InvalidKeysException(
            "key %d of %d %s".formatted(index + 1, keys.size(), e.getMessage()));
      }
    }
    if (usable.isEmpty()) {
      throw new InvalidKeysException(
          "no key is for signatures with RS, PS or ES 256 to 512 or with Ed25519");
    }
    return KeyRing.ofPublicKeys(usable);
  }

  private static JsonNode keys(String text) throws InvalidKeysException {
    JsonNode keys = json(text).path("keys");
    if (!keys.isArray()) {
      throw new InvalidKeysException("not a JWK set: there is no array \"keys\"");
    }
    if (keys.size() > MAX_KEYS) {
      throw new InvalidKeysException("more than " + MAX_KEYS + " keys");
    }
    return keys;
  }

  private static JsonNode json(String text) throws InvalidKeysException {
    try {
      return READER.readTree(text);
    } catch (JacksonException e) {
      throw new InvalidKeysException("not valid JSON, or with a member that is there twice");
    }
  }
}
