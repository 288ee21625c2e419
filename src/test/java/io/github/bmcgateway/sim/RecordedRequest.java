package io.github.bmcgateway.sim;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/**
 * One request as it arrived at a simulated BMC.
 *
 * <p>The head is final; body and status grow until {@link #isCompleted}. Thread-safe.
 */
public final class RecordedRequest {

  /** A header line: name and value with the spelling they arrived with. */
  public record Header(String name, String value) {

    @Override
    public String toString() {
      return name + ": " + value;
    }
  }

  private final String method;
  private final String target;
  private final List<Header> headers;
  private final MessageDigest digest;
  private long bodyBytes;
  private String bodySha256 = "";
  private int status;
  private boolean completed;
  private int port;

  RecordedRequest(Request request) {
    this(
        request.getMethod(),
        request.getHttpURI().getPathQuery(),
        request.getHeaders().stream()
            .map((HttpField field) -> new Header(field.getName(), field.getValue()))
            .toList());
  }

  /** A request whose head was read without Jetty. */
  public RecordedRequest(String method, String target, List<Header> headers) {
    this.method = method;
    this.target = target;
    this.headers = List.copyOf(headers);
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The method, as sent. */
  public String method() {
    return method;
  }

  /** Path and query byte for byte as sent. */
  public String target() {
    return target;
  }

  /** The target without its query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /**
   * All header lines in the order they arrived; on a Jetty server {@code Host} is always spelt so.
   */
  public List<Header> headers() {
    return headers;
  }

  /** Values of all lines of that name (any case), in order. */
  public List<String> values(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /** Value of the first line of that name (any case). */
  public Optional<String> header(String name) {
    return values(name).stream().findFirst();
  }

  void arrivedAt(int localPort) {
    port = localPort;
  }

  /** The unit's port that it came in at. */
  public int port() {
    return port;
  }

  /** Size of the head in bytes: request line, header lines and the empty line. */
  public int headBytes() {
    int requestLine = method.length() + target.length() + "  HTTP/1.1\r\n".length();
    int headerLines =
        headers.stream()
            .mapToInt(
                header -> header.name().length() + header.value().length() + ": \r\n".length())
            .sum();
    return requestLine + headerLines + "\r\n".length();
  }

  /** Body bytes that were read so far. */
  public synchronized long bodyBytes() {
    return bodyBytes;
  }

  /** SHA-256 of the body, 64 lower-case hex digits; empty until {@link #isCompleted}. */
  public synchronized String bodySha256() {
    return bodySha256;
  }

  /** Status of the answer; 0 until {@link #isCompleted}. */
  public synchronized int status() {
    return status;
  }

  /** Whether the exchange is over, well or badly. */
  public synchronized boolean isCompleted() {
    return completed;
  }

  /** Counts and hashes body bytes as they are read. */
  public synchronized void body(ByteBuffer bytes) {
    bodyBytes += bytes.remaining();
    digest.update(bytes);
  }

  /** Ends the record with the status of the answer; 0 where there was none. */
  public synchronized void complete(int responseStatus) {
    bodySha256 = HexFormat.of().formatHex(digest.digest());
    status = responseStatus;
    completed = true;
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
