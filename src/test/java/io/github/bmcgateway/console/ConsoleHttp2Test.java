package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.client.CoreClientUpgradeRequest;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;
import org.eclipse.jetty.websocket.core.exception.UpgradeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A foreign Jetty that advertises extended CONNECT (RFC 8441): browsers open sockets that way. */
@ParameterizedClass
@EnumSource(WebSocketApi.class)
class ConsoleHttp2Test {
  @Parameter WebSocketApi api;
  private FakeBmc bmc;
  private Gateway gateway;
  private WebSocketCoreClient client;

  @BeforeEach
  void start() throws Exception {
    bmc = new FakeBmc();
    gateway = new Gateway(bmc.port(), Gateway.QUICK, Set.of(api));
    gateway.advertiseExtendedConnect();
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(new SslContextFactory.Client(/* trustAll= */ true));
    HttpClient http =
        new HttpClient(
            new HttpClientTransportDynamic(
                connector, new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector))));
    client = new WebSocketCoreClient(http, new WebSocketComponents());
    client.start();
  }

  @AfterEach
  void stop() throws Exception {
    LifeCycle.stop(client);
    gateway.close();
    bmc.close();
  }

  private CompletableFuture<CoreSession> open(String target, Received received) throws Exception {
    URI uri = URI.create("wss://127.0.0.1:" + gateway.port() + target);
    CoreClientUpgradeRequest request = CoreClientUpgradeRequest.from(client, uri, received);
    request.setVersion(HttpVersion.HTTP_2);
    request.setSubProtocols("base64", "binary");
    return client.connect(request);
  }

  @Test
  void anExtendedConnectIsServedAsAnUpgrade() throws Exception {
    bmc.answering(head -> FakeBmc.accept(head, "Sec-WebSocket-Protocol: binary"));
    Received received = new Received();
    CoreSession browser = open("/kvm/0?a=%2C,b", received).get(30, TimeUnit.SECONDS);
    String head = bmc.nextHead();
    assertTrue(head.startsWith("GET /kvm/0?a=%2C,b HTTP/1.1\r\n"), head);
    assertEquals("base64, binary", Wire.header(head, "Sec-WebSocket-Protocol"));
    assertEquals("binary", browser.getNegotiatedSubProtocol());

    Wire there = bmc.nextConsole();
    // What comes sooner Jetty's client takes for the upgrade's body, and drops it.
    Eventually.holds("the client is through with its upgrade", received::isUpgraded);
    there.text("hello");
    assertEquals("hello", received.text());
    browser.sendFrame(new Frame(OpCode.TEXT, "key"), Callback.NOOP, false);
    assertEquals("key", there.readFrame().text());
    there.close(4007, "over");
    assertEquals("4007 over", received.text());
  }

  @Test
  void theBmcsRefusalIsTheAnswerToAnExtendedConnect() throws Exception {
    bmc.answering(head -> FakeBmc.refuse(403));
    CompletableFuture<CoreSession> opening = open("/kvm/0", new Received());
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> opening.get(30, TimeUnit.SECONDS));
    assertEquals(403, ((UpgradeException) refused.getCause()).getResponseStatusCode());
  }

  private static final class Received implements FrameHandler {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private CoreSession session;
    private volatile Thread opener = Thread.currentThread();

    /** Whether the thread that opened the session has gone on to something else. */
    boolean isUpgraded() {
      return Arrays.stream(opener.getStackTrace())
          .noneMatch(frame -> frame.getClassName().contains("HttpReceiverOverHTTP2"));
    }

    String text() throws InterruptedException {
      return texts.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
      session = opened;
      opener = Thread.currentThread();
      callback.succeeded();
      opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      if (frame.getOpCode() == OpCode.CLOSE) {
        CloseStatus status = CloseStatus.getCloseStatus(frame);
        texts.add(status.getCode() + " " + status.getReason());
      } else if (frame.isDataFrame()) {
        texts.add(frame.getPayloadAsUTF8());
      }
      callback.succeeded();
      session.demand();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      callback.succeeded();
    }
  }
}
