package io.github.bmcgateway.entry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The headers of a browser's upgrade as an edge hands them on: base64 of a JSON object, name to
 * value. Only those that the protocol names count; what else there is means nothing. Two readings
 * are one too many: a name that is there twice, in any case, spoils the whole.
 */
final class EdgeHeaders {
  private static final int MAX_CODED = 32 * 1024;
  private static final int MAX_HEADERS = 64;

  /** What the protocol names, without what makes up the handshake of the edge's own hop. */
  private static final Set<String> KNOWN =
      Set.of(
          "accept-encoding",
          "accept-language",
          "cookie",
          "host",
          "origin",
          "pragma",
          "sec-websocket-protocol",
          "user-agent");

  /** RFC 9110, section 5.5: what could end a line ends the request. */
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(1)
                          .maxDocumentLength(MAX_CODED)
                          .maxNumberLength(20)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private EdgeHeaders() {}

  /** The headers by their names in lower case; empty when they can't be read, or in two ways. */
  static Optional<Map<String, String>> parse(String coded) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decode(coded))).toString();
      return READER.readTree(text) instanceof ObjectNode object
          ? headers(object)
          : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException | JacksonException e) {
      return Optional.empty();
    }
  }

  /** Somewhere on the way a plus sign may have become a blank, or the padding got lost. */
  private static byte[] decode(String coded) {
    if (coded.isEmpty() || coded.length() > MAX_CODED) {
      throw new IllegalArgumentException("too short or too long");
    }
    return Base64.getDecoder().decode(coded.replace(' ', '+'));
  }

  private static Optional<Map<String, String>> headers(ObjectNode object) {
    Map<String, String> headers = new TreeMap<>();
    if (object.size() > MAX_HEADERS) {
      return Optional.empty();
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      // Scripts write null for a header that isn't there.
      if (!value.isNull() && !add(field.getKey().toLowerCase(Locale.ROOT), value, headers)) {
        return Optional.empty();
      }
    }
    return Optional.of(headers);
  }

  private static boolean add(String name, JsonNode value, Map<String, String> headers) {
    if (!value.isTextual() || !VALUE.matcher(value.textValue()).matches()) {
      return false;
    }
    return !KNOWN.contains(name) || headers.put(name, value.textValue()) == null;
  }
}
