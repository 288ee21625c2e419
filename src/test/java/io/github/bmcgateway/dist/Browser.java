package io.github.bmcgateway.dist;

import io.github.bmcgateway.testing.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntPredicate;
import javax.net.ssl.SSLSocket;

/** Talks to one server on this machine over TLS, whatever its certificate. */
final class Browser {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final int port;
  private final HttpClient http;

  Browser(int port) {
    this.port = port;
    this.http =
        HttpClient.newBuilder()
            .sslContext(Tls.trustingAny())
            .connectTimeout(Duration.ofMillis(TIMEOUT_MILLIS))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Where the server listens. */
  int port() {
    return port;
  }

  /** Opens a WebSocket that offers the subprotocol {@code binary}. */
  WebSocket open(String path, String cookies, WebSocket.Listener listener) {
    return http.newWebSocketBuilder()
        .header("Cookie", cookies)
        .header("Origin", "https://localhost:" + port)
        .subprotocols("binary")
        .connectTimeout(Duration.ofMillis(TIMEOUT_MILLIS))
        .buildAsync(uri("wss", path), listener)
        .join();
  }

  /** The server's address of a path. */
  URI uri(String scheme, String path) {
    return URI.create(scheme + "://localhost:" + port + path);
  }

  /** GETs a path, as HTTP/2 where the server has it. */
  HttpResponse<byte[]> get(String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send("GET", path, headers);
  }

  /** Sends a request without a body, as HTTP/2 where the server has it. */
  HttpResponse<byte[]> send(String method, String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("https", path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofMillis(TIMEOUT_MILLIS));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** POSTs a body, as HTTP/2 where the server has it. */
  HttpResponse<byte[]> post(String path, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("https", path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .timeout(Duration.ofMillis(TIMEOUT_MILLIS));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Whether the server answers at all. */
  boolean answers() {
    return answers("/.gateway/health", status -> status > 0);
  }

  /** Whether the gateway says that it is ready. */
  boolean isReady() {
    return answers("/.gateway/ready", status -> status == 200);
  }

  private boolean answers(String path, IntPredicate expected) {
    try {
      return expected.test(get(path, Map.of()).statusCode());
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Sends bytes as they are over HTTP/1.1 and reads all that comes until the server closes. */
  String sendRaw(String bytes) throws IOException {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** The certificate that a new connection is shown. */
  X509Certificate certificate() {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A TLS connection that isn't begun yet. A new session each: none is resumed. */
  SSLSocket connect() throws IOException {
    SSLSocket socket =
        (SSLSocket) Tls.trustingAny().getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }
}
