package io.github.bmcgateway.bench;

import io.github.bmcgateway.testing.Tokens;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Browsers of one gateway, with HTTP/2 connections and sockets. What doesn't come as it should is
 * counted and told. Safe for use by several threads.
 */
final class Visitors {
  static final int UPLOAD_BYTES = 1 << 20;

  private static final int CONNECTIONS = 8;
  private static final int MOST_TOLD = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] UPLOAD = new byte[UPLOAD_BYTES];

  private final String origin;
  private final ExecutorService threads = Executors.newFixedThreadPool(4, Visitors::daemon);
  private final List<HttpClient> clients =
      Stream.generate(this::client).limit(CONNECTIONS).toList();
  private final AtomicInteger turn = new AtomicInteger();
  private final LongAdder good = new LongAdder();
  private final AtomicInteger bad = new AtomicInteger();

  Visitors(int port) {
    origin = "localhost:" + port;
  }

  /** A token for a BMC at an address of 127.0.0.0/8. */
  static String token(String ip, int port, long seconds) {
    return Tokens.mint(port, seconds, claims -> claims.claim("ip", ip).claim("vendor", "generic"));
  }

  long good() {
    return good.sum();
  }

  int bad() {
    return bad.get();
  }

  CompletableFuture<Void> page(String token, String path, int bytes) {
    return send(
        request(token, path).GET(),
        answer -> answer.statusCode() == 200 && answer.body().length == bytes);
  }

  /** Opens a session link; it leads to the BMC's first page. */
  CompletableFuture<Void> link(String token) {
    return send(request("", "/gpsession?token=" + token).GET(), answer -> answer.statusCode() == 302);
  }

  /** Sends a body of a length that isn't told beforehand, which the gateway spools. */
  CompletableFuture<Void> upload(String token) {
    String expected = Integer.toString(UPLOAD_BYTES);
    return send(
        request(token, "/upload")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(UPLOAD))),
        answer -> answer.statusCode() == 200 && new String(answer.body()).equals(expected));
  }

  CompletableFuture<Void> logout(String token) {
    return send(
        request(token, "/.gateway/logout")
            .header("Origin", "https://" + origin)
            .POST(HttpRequest.BodyPublishers.noBody()),
        answer -> answer.statusCode() < 400);
  }

  /** A socket to a BMC that echoes, once it stands. */
  CompletableFuture<Console> console(String token) {
    Console console = new Console();
    return next()
        .newWebSocketBuilder()
        .connectTimeout(PATIENCE)
        .header("Cookie", "pm-session=" + token)
        .header("Origin", "https://" + origin)
        .buildAsync(URI.create("wss://" + origin + "/socket"), console)
        .thenApply(console::on);
  }

  void failed(String what) {
    if (bad.incrementAndGet() <= MOST_TOLD) {
      System.out.println(java.time.LocalTime.now() + " FAILED: " + what);
    }
  }

  private HttpRequest.Builder request(String token, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://" + origin + path)).timeout(PATIENCE);
    return token.isEmpty() ? request : request.header("Cookie", "pm-session=" + token);
  }

  private CompletableFuture<Void> send(
      HttpRequest.Builder builder, Function<HttpResponse<byte[]>, Boolean> isGood) {
    HttpRequest request = builder.build();
    return next()
        .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .handle(
            (answer, failure) -> {
              String what = request.method() + " " + request.uri().getPath() + ": ";
              if (failure != null) {
                failed(what + failure);
              } else if (isGood.apply(answer)) {
                good.increment();
              } else {
                failed(what + answer.statusCode() + ", " + answer.body().length + " bytes");
              }
              return null;
            });
  }

  private HttpClient next() {
    return clients.get(Math.floorMod(turn.getAndIncrement(), CONNECTIONS));
  }

  private HttpClient client() {
    return HttpClient.newBuilder().sslContext(Certificates.client()).executor(threads).build();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "visitor");
    thread.setDaemon(true);
    return thread;
  }

  /** One socket: what it sends comes back. */
  final class Console implements WebSocket.Listener {
    private final AtomicInteger awaited = new AtomicInteger();
    private volatile WebSocket socket;
    private volatile boolean isClosing;

    private Console on(WebSocket opened) {
      socket = opened;
      return this;
    }

    /** Sends a message, if the one before was answered; one that isn't for a minute has failed. */
    void ping() {
      int waited = awaited.getAndIncrement();
      if (waited == 0) {
        socket.sendText("hello", /* last= */ true);
      } else if (waited == PATIENCE.toSeconds()) {
        failed("console: no echo");
      }
    }

    void close() {
      isClosing = true;
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }

    @Override
    public java.util.concurrent.CompletionStage<?> onText(
        WebSocket from, CharSequence text, boolean last) {
      awaited.set(0);
      good.increment();
      from.request(1);
      return null;
    }

    @Override
    public java.util.concurrent.CompletionStage<?> onClose(
        WebSocket from, int code, String reason) {
      if (!isClosing) {
        failed("console: closed with " + code);
      }
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      if (!isClosing) {
        failed("console: " + error);
      }
    }
  }
}
