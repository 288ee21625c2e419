package io.github.bmcgateway.console;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.SocketRoute;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/**
 * Opens WebSockets to BMCs, or to other gateways, on the HTTP client that pages use too, hence with
 * its TLS trust, its dial guard, its connect time-out and its way of sending targets byte for byte.
 * It must have an {@link org.eclipse.jetty.client.UpgradeProtocolHandler}: without it a 101 is
 * taken for an interim answer and waited on until the time is up. Safe for use by several threads.
 */
final class BmcDialer {
  private static final int FIRST_FINAL_STATUS = 200;

  private final SocketWay way;
  private final HttpClient client;
  private final Timing timing;
  private final WebSocketComponents components;
  private final SecureRandom random = new SecureRandom();

  BmcDialer(SocketWay way, Timing timing) {
    this.way = way;
    this.client = way.client();
    this.timing = timing;
    this.components = components(client);
  }

  /**
   * Asks for a socket.
   *
   * @param route how the vendor's profile routes it
   * @param offered the subprotocols that the browser offered
   * @param bridge is given the socket at once, so that it can give up the attempt
   * @return what came of it; never completes exceptionally
   */
  CompletableFuture<Dialed> dial(
      HttpServletRequest browser,
      BmcRequest to,
      SocketRoute route,
      List<String> offered,
      Bridge bridge) {
    CompletableFuture<Dialed> outcome = new CompletableFuture<>();
    Request request = client.newRequest(way.origin(to, route)).path(way.target(browser, to, route));
    way.budget(to).ifPresent(request::tag);
    CoreBmcSocket socket = new CoreBmcSocket(bridge, request::abort);
    bridge.dialling(socket);
    request.headers(
        fields -> {
          fields.clear();
          way.headers(browser, to, route, fields);
        });
    request.attribute(
        HttpUpgrader.Factory.class.getName(),
        new BmcUpgrade.Factory(client, components, socket, offered, random, outcome));
    request.timeout(timing.handshake().toMillis(), TimeUnit.MILLISECONDS);
    request.onResponseHeaders(response -> refuse(response, outcome));
    request.send(result -> outcome.complete(new Dialed.Failed(cause(result))));
    return outcome;
  }

  @SuppressWarnings("NullAway") // Null stands for the default; no extension is ever used.
  private static WebSocketComponents components(HttpClient client) {
    return new WebSocketComponents(
        null, null, client.getByteBufferPool(), null, null, client.getExecutor());
  }

  private static void refuse(Response response, CompletableFuture<Dialed> outcome) {
    if (response.getStatus() >= FIRST_FINAL_STATUS) {
      outcome.complete(new Dialed.Refused(response.getStatus()));
      // Kept for reuse, the connection would count for nobody.
      response.abort(new CancellationException("upgrade refused"));
    }
  }

  private static Throwable cause(Result result) {
    Throwable cause = result.getFailure();
    return cause == null ? new HttpResponseException("no upgrade", result.getResponse()) : cause;
  }
}
