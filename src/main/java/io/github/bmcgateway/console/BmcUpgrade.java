package io.github.bmcgateway.console;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/**
 * The client's part of one WebSocket handshake (RFC 6455, section 4.1). Takes the place of Jetty's
 * own, which throws when a server answers with a subprotocol that wasn't offered, as AMI's always
 * does; here that subprotocol is dropped. No extension is offered.
 */
final class BmcUpgrade implements HttpUpgrader {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final int INPUT_BUFFER_BYTES = 32 * 1024;

  private final HttpClient client;
  private final WebSocketComponents components;
  private final CoreBmcSocket socket;
  private final List<String> offered;
  private final SecureRandom random;
  private final CompletableFuture<Dialed> outcome;
  private final String key;

  /** Makes one for a request; what the client asks the request for. */
  record Factory(
      HttpClient client,
      WebSocketComponents components,
      CoreBmcSocket socket,
      List<String> offered,
      SecureRandom random,
      CompletableFuture<Dialed> outcome)
      implements HttpUpgrader.Factory {
    @Override
    public HttpUpgrader newHttpUpgrader(HttpVersion version) {
      return new BmcUpgrade(this);
    }
  }

  private BmcUpgrade(Factory from) {
    this.client = from.client();
    this.components = from.components();
    this.socket = from.socket();
    this.offered = from.offered();
    this.random = from.random();
    this.outcome = from.outcome();
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void prepare(Request request) {
    request.method(HttpMethod.GET).version(HttpVersion.HTTP_1_1).headers(this::addHandshake);
  }

  private void addHandshake(HttpFields.Mutable headers) {
    headers.remove("Sec-WebSocket-Protocol").remove("Sec-WebSocket-Extensions");
    headers.put(HttpHeader.CONNECTION, "Upgrade");
    headers.put(HttpHeader.UPGRADE, "websocket");
    headers.put("Sec-WebSocket-Version", VERSION);
    headers.put("Sec-WebSocket-Key", key);
    if (!offered.isEmpty()) {
      headers.put("Sec-WebSocket-Protocol", String.join(", ", offered));
    }
  }

  @Override
  public void upgrade(Response response, EndPoint endPoint, Callback callback) {
    HttpFields headers = response.getHeaders();
    Optional<String> fault = fault(headers);
    if (fault.isPresent()) {
      callback.failed(new HttpResponseException(fault.get(), response));
      endPoint.close();
      return;
    }
    Optional<String> subprotocol =
        Optional.ofNullable(headers.get("Sec-WebSocket-Protocol")).filter(offered::contains);
    TcpKeepAlive.enable(endPoint);
    socket.connectedBy(endPoint);
    endPoint.upgrade(connection(endPoint));
    outcome.complete(new Dialed.Connected(subprotocol));
    callback.succeeded();
  }

  private Optional<String> fault(HttpFields headers) {
    if (!headers.contains(HttpHeader.UPGRADE, "websocket")
        || !headers.contains(HttpHeader.CONNECTION, "upgrade")) {
      return Optional.of("a 101 answer that isn't an upgrade to WebSocket");
    }
    if (!accept(key).equals(headers.get("Sec-WebSocket-Accept"))) {
      return Optional.of("a wrong Sec-WebSocket-Accept");
    }
    return Optional.ofNullable(headers.get("Sec-WebSocket-Extensions"))
        .filter(value -> !value.isBlank())
        .map(value -> "an extension that wasn't offered");
  }

  private WebSocketConnection connection(EndPoint endPoint) {
    ExtensionStack noExtensions = new ExtensionStack(components, Behavior.CLIENT);
    noExtensions.negotiate(List.of(), List.of());
    Negotiated negotiated =
        new Negotiated(URI.create("wss://bmc/"), null, /* secure= */ true, noExtensions, VERSION);
    WebSocketCoreSession session =
        new WebSocketCoreSession(socket, Behavior.CLIENT, negotiated, components);
    // No bound of the client's own: a frame is read in the pieces in which it arrives.
    session.setAutoFragment(true);
    session.setMaxFrameSize(0);
    session.setInputBufferSize(INPUT_BUFFER_BYTES);
    session.setIdleTimeout(Duration.ZERO);
    WebSocketConnection connection = new BmcConnection(client, endPoint, session, random);
    session.setWebSocketConnection(connection);
    return connection;
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
