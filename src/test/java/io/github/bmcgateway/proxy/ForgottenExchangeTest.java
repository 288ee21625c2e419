package io.github.bmcgateway.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

/** A server hangs up on a kept connection in the moment in which that is used again. */
class ForgottenExchangeTest {
  private static final int HEAD_BYTES = 8 * 1024;

  /** The connection is being closed: it was asked for an exchange, and had none yet. */
  private final CountDownLatch closing = new CountDownLatch(1);

  /** The request has gone out on it all the same. */
  private final CountDownLatch sent = new CountDownLatch(1);

  private final CountDownLatch hangUp = new CountDownLatch(1);

  @Test
  void anExchangeThatMeetsTheEndOfItsConnectionFails() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    BmcTransport transport =
        new BmcTransport(new Connector(), /* idleMillis= */ 30_000, new Replay(() -> {}));
    HttpClient client = new ByteExactClient(transport, threads, HEAD_BYTES);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> answerOnce(server));
      client.start();
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
      assertEquals(200, client.newRequest(url).send().getStatus());

      CompletableFuture<Result> over = new CompletableFuture<>();
      client
          .newRequest(url)
          .attribute(HttpUpgrader.Factory.class.getName(), late())
          .onRequestSuccess(request -> sent.countDown())
          .send(over::complete);

      assertTrue(over.get(10, SECONDS).isFailed());
    } finally {
      sent.countDown();
      client.stop();
      threads.shutdownNow();
    }
  }

  private void answerOnce(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read(new byte[HEAD_BYTES]);
      String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      await(hangUp);
    } catch (IOException closed) {
      // The client will tell.
    }
  }

  /** Is asked for when a request has its connection, which isn't told of it before this returns. */
  private HttpUpgrader.Factory late() {
    return version -> {
      hangUp.countDown();
      await(closing);
      return new NoUpgrade();
    };
  }

  private static void await(CountDownLatch event) {
    try {
      assertTrue(event.await(10, SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its connections take their time to close. */
  private final class Connector extends ClientConnector {
    @Override
    protected EndPoint newEndPoint(
        SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
      return new LateEndPoint((SocketChannel) channel, selector, key, getScheduler());
    }
  }

  private final class LateEndPoint extends SocketChannelEndPoint {
    LateEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
      super(channel, selector, key, scheduler);
    }

    @Override
    public void doClose() {
      closing.countDown();
      ForgottenExchangeTest.await(sent);
      super.doClose();
    }
  }

  private static final class NoUpgrade implements HttpUpgrader {
    @Override
    public void prepare(Request request) {}

    @Override
    public void upgrade(Response response, EndPoint endPoint, Callback callback) {
      callback.failed(new IOException());
    }
  }
}
