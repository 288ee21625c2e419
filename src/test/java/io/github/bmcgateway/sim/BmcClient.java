package io.github.bmcgateway.sim;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.client.CoreClientUpgradeRequest;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;

/**
 * A plain client for talking to a simulated BMC in its own tests: trusts every certificate, follows
 * no redirect, keeps no cookie, decodes nothing. Thread-safe.
 */
public final class BmcClient implements AutoCloseable {

  private final String authority;
  private final HttpClient http;
  private final WebSocketCoreClient sockets;

  /** Makes a client for the BMC at host and port as they stand in a URL. */
  public BmcClient(String authority) throws Exception {
    this.authority = authority;
    ClientConnector connector = new ClientConnector();
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setSslContext(TestCertificates.trustEverything());
    connector.setSslContextFactory(tls);
    http = new HttpClient(new HttpClientTransportOverHTTP(connector));
    http.setFollowRedirects(false);
    http.setHttpCookieStore(new HttpCookieStore.Empty());
    sockets = new WebSocketCoreClient(http, null);
    sockets.start();
    http.getContentDecoderFactories().clear();
    // BMCs answer 401 without a challenge, which this handler would take for a broken server.
    http.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
  }

  /** A request to finish and send; carries {@code Accept-Encoding: gzip}. */
  public Request request(String method, String target) {
    return http.newRequest("https://" + authority + target)
        .method(method)
        .headers(headers -> headers.put("Accept-Encoding", "gzip"))
        .timeout(20, TimeUnit.SECONDS);
  }

  /** Opens a WebSocket that offers the subprotocol {@code binary}; fails if refused. */
  public Socket open(String target) throws Exception {
    return open(target, Map.of(), List.of("binary"));
  }

  /** Opens a WebSocket with further headers; fails if refused. */
  public Socket open(String target, Map<String, String> headers, List<String> subprotocols)
      throws Exception {
    Socket socket = new Socket();
    CoreClientUpgradeRequest upgrade =
        new CoreClientUpgradeRequest(sockets, URI.create("wss://" + authority + target)) {
          @Override
          public FrameHandler getFrameHandler() {
            return socket;
          }
        };
    upgrade.setSubProtocols(subprotocols);
    upgrade.headers(fields -> headers.forEach(fields::put));
    sockets.connect(upgrade).get(20, TimeUnit.SECONDS);
    return socket;
  }

  /** Status of an upgrade that the BMC refuses. */
  public int refusal(String target) throws Exception {
    return refusal(target, Map.of());
  }

  /** Status of an upgrade with further headers that the BMC refuses. */
  public int refusal(String target, Map<String, String> further) throws Exception {
    Response response =
        request("GET", target)
            .headers(
                headers ->
                    headers
                        .put("Connection", "Upgrade")
                        .put("Upgrade", "websocket")
                        .put("Sec-WebSocket-Version", "13")
                        .put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="))
            .headers(headers -> further.forEach(headers::put))
            .send();
    return response.getStatus();
  }

  @Override
  public void close() {
    LifeCycle.stop(sockets);
    LifeCycle.stop(http);
  }

  /** The client's end of a WebSocket: frames as they come, in a queue. Thread-safe. */
  public static final class Socket implements FrameHandler {

    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile CoreSession session;

    private Socket() {}

    /** The subprotocol that the BMC granted. */
    public String subprotocol() {
      return session.getNegotiatedSubProtocol();
    }

    /** Sends one binary message. */
    public void send(byte[] message) {
      session.sendFrame(
          new Frame(OpCode.BINARY, ByteBuffer.wrap(message)), Callback.NOOP, /* batch= */ false);
    }

    /** Sends a frame of any kind. */
    public void send(Frame frame) {
      session.sendFrame(frame, Callback.NOOP, /* batch= */ false);
    }

    /** The next data frame's payload; fails if none comes. */
    public byte[] receive() throws InterruptedException {
      byte[] message = messages.poll(Recorder.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no message; closed: " + closed);
      }
      return message;
    }

    /** The code that the socket was closed with; fails if it stays open. */
    public int awaitClose() throws Exception {
      return closed.get(Recorder.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Closes from this side, without the vendor's goodbye. */
    public void close() {
      session.close(CloseStatus.NORMAL, "", Callback.NOOP);
    }

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
      session = coreSession;
      coreSession.setMaxFrameSize(16L << 20);
      callback.succeeded();
      coreSession.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      if (frame.isDataFrame()) {
        messages.add(BufferUtil.toArray(frame.getPayload()));
      }
      callback.succeeded();
      if (frame.getOpCode() != OpCode.CLOSE) {
        session.demand();
      }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus closeStatus, Callback callback) {
      closed.complete(closeStatus.getCode());
      callback.succeeded();
    }
  }
}
