package io.github.bmcgateway.journey;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A page of another site with a link to a gateway, and a form that does the same. */
final class Portal implements AutoCloseable {
  private final HttpServer server;
  private volatile String page = "";

  Portal() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Offers the session of a token: {@code #link} and {@code #form}. */
  void offer(String gateway, String token) {
    page =
        """
        <!doctype html><title>Portal</title><link rel="icon" href="data:,">
        <a id="link" href="%1$s/gpsession?token=%2$s">Console</a>
        <form method="post" action="%1$s/gpsession">
        <input type="hidden" name="token" value="%2$s"><button id="form">Console</button></form>
        """
            .formatted(gateway, token);
  }

  /** Another site than {@code localhost}. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = page.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/html;charset=utf-8");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
