package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A request whose head has been read; its body is read by whoever answers. Not thread-safe. */
final class WireRequest {

  private final RecordedRequest recorded;
  private final InputStream body;
  private final WireConnection connection;

  WireRequest(RecordedRequest recorded, InputStream body, WireConnection connection) {
    this.recorded = recorded;
    this.body = body;
    this.connection = connection;
  }

  RecordedRequest recorded() {
    return recorded;
  }

  String method() {
    return recorded.method();
  }

  String path() {
    return recorded.path();
  }

  /** Method and path, for a switch. */
  String call() {
    return method() + " " + path();
  }

  boolean hasQuery() {
    return recorded.target().contains("?");
  }

  /** Decoded value of a query parameter. */
  Optional<String> query(String name) {
    int start = recorded.target().indexOf('?');
    return start < 0 ? Optional.empty() : field(recorded.target().substring(start + 1), name);
  }

  /** Value of the first line of that name, in any case. */
  Optional<String> header(String name) {
    return recorded.header(name);
  }

  /** Value of the first line with just that spelling of the name. */
  Optional<String> exact(String name) {
    return recorded.headers().stream()
        .filter(header -> header.name().equals(name))
        .map(RecordedRequest.Header::value)
        .findFirst();
  }

  boolean isChunked() {
    return header("Transfer-Encoding").isPresent();
  }

  boolean isUpgrade(boolean byCase) {
    Optional<String> upgrade = byCase ? exact("Upgrade") : header("Upgrade");
    Optional<String> wanted = byCase ? exact("Connection") : header("Connection");
    return upgrade.filter("websocket"::equalsIgnoreCase).isPresent()
        && wanted.filter(value -> value.toLowerCase(Locale.ROOT).contains("upgrade")).isPresent();
  }

  /** The body; counted and hashed for the record as it is read. */
  InputStream body() {
    return body;
  }

  /** The rest of the body as text. */
  String bodyText() throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Decoded value of a field in URL-encoded text. */
  static Optional<String> field(String encoded, String name) {
    return Stream.of(encoded.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst();
  }

  /** The peer's address as text. */
  String remoteAddress() {
    return connection.remoteAddress();
  }

  /** Waits; returns early, with true, when the client has closed meanwhile. */
  boolean isGivenUpWithin(Duration time) throws IOException {
    return connection.isClosedByPeerWithin(time);
  }
}
