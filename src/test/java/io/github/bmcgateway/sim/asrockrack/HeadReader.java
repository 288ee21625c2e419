package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the head of a request from a connection, keeping the case of every name. */
final class HeadReader {

  private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]+) (\\S+) (HTTP/1\\.[01])");
  private static final Pattern HEADER_LINE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");

  /** What came. */
  sealed interface Outcome {}

  /** A head of proper form. */
  record Head(String method, String target, String version, List<Header> headers)
      implements Outcome {

    Head {
      headers = List.copyOf(headers);
    }
  }

  /** The head is longer than allowed; the rest of it was not read. */
  record TooLarge() implements Outcome {}

  /** No HTTP. */
  record Malformed() implements Outcome {}

  /** The peer has closed. */
  record End() implements Outcome {}

  private HeadReader() {}

  /** Reads up to and with the blank line; blocks. */
  static Outcome read(InputStream in, int limit) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int lineLength = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        return new End();
      }
      bytes.write(next);
      if (bytes.size() > limit) {
        return new TooLarge();
      }
      if (next != '\n') {
        lineLength += next == '\r' ? 0 : 1;
      } else if (lineLength == 0) {
        return parse(bytes.toString(StandardCharsets.ISO_8859_1));
      } else {
        lineLength = 0;
      }
    }
  }

  private static Outcome parse(String text) {
    List<String> lines = text.lines().toList();
    Matcher request = REQUEST_LINE.matcher(lines.get(0));
    Optional<List<Header>> headers = headers(lines.subList(1, lines.size() - 1));
    if (!request.matches() || headers.isEmpty()) {
      return new Malformed();
    }
    return new Head(request.group(1), request.group(2), request.group(3), headers.get());
  }

  private static Optional<List<Header>> headers(List<String> lines) {
    List<Header> headers = new ArrayList<>();
    for (String line : lines) {
      Matcher header = HEADER_LINE.matcher(line);
      if (!header.matches()) {
        return Optional.empty();
      }
      headers.add(new Header(header.group(1), header.group(2)));
    }
    return Optional.of(headers);
  }
}
