package io.github.bmcgateway.rewrite;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.bmcgateway.target.BmcRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * iDRAC9's console and media tickets: {@code {"Location":"https://<bmc>:443/restgui/vconsole/…"}}.
 * The URL moves to the public origin; every other byte of the answer stays. An answer that is no
 * JSON, or has no such member, stays as it is.
 */
final class Idrac9Ticket implements UnaryOperator<byte[]> {
  private static final JsonFactory JSON = new JsonFactory();

  private final BmcRequest request;

  Idrac9Ticket(BmcRequest request) {
    this.request = request;
  }

  @Override
  public byte[] apply(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      while (parser.nextToken() != null) {
        if (isLocation(parser)) {
          return replaceValue(body, parser);
        }
      }
    } catch (IOException notJson) {
      return body;
    }
    return body;
  }

  private static boolean isLocation(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.FIELD_NAME
        && parser.getParsingContext().getParent().inRoot()
        && "Location".equals(parser.currentName())
        && parser.nextToken() == JsonToken.VALUE_STRING
        && parser.getTextLength() > 0;
  }

  private byte[] replaceValue(byte[] body, JsonParser parser) throws IOException {
    String url = ConsoleUrls.toPublic(parser.getText(), request);
    int start = (int) parser.currentTokenLocation().getByteOffset();
    int end = (int) parser.currentLocation().getByteOffset();
    ByteArrayOutputStream result = new ByteArrayOutputStream(body.length + url.length());
    result.write(body, 0, start);
    result.write('"');
    result.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(url));
    result.writeBytes("\"".getBytes(StandardCharsets.US_ASCII));
    result.write(body, end, body.length - end);
    return result.toByteArray();
  }
}
