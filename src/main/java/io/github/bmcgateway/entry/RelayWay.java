package io.github.bmcgateway.entry;

import io.github.bmcgateway.console.SocketWay;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.proxy.Destination;
import io.github.bmcgateway.relay.Relay;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.Upstream;
import io.github.bmcgateway.target.VendorProfile.SocketRoute;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;

/** The way to other gateways, for pages and for consoles. */
record RelayWay(HttpClient client, Relay relay) implements Destination, SocketWay, FarSessions {
  private static final int LOGOUT_SECONDS = 10;

  @Override
  public String origin(BmcRequest to) {
    return "https://" + Relay.authority(to);
  }

  @Override
  public URI origin(BmcRequest to, SocketRoute route) {
    return URI.create("wss://" + Relay.authority(to) + "/");
  }

  @Override
  public HttpFields headers(HttpServletRequest browser, BmcRequest to) {
    return relay.pageHeaders(browser, to);
  }

  @Override
  public void headers(
      HttpServletRequest browser, BmcRequest to, SocketRoute route, HttpFields.Mutable headers) {
    headers.add(relay.socketHeaders(browser, to));
  }

  @Override
  public String target(HttpServletRequest browser, BmcRequest to, SocketRoute route) {
    return relay.socketTarget(browser, to);
  }

  @Override
  public Failure failure(Throwable thrown) {
    return relay.failure(thrown);
  }

  @Override
  public Duration answerTimeout(Duration usual) {
    return Relay.answerTimeout(usual);
  }

  @Override
  public void logOut(HttpServletRequest request, BmcRequest to) {
    if (to.upstream().filter(Upstream::isNative).isPresent()) {
      client
          .newRequest(origin(to))
          .method(HttpMethod.POST)
          .path(to.target())
          .headers(headers -> headers.clear().add(relay.bareHeaders(request, to)))
          .timeout(LOGOUT_SECONDS, TimeUnit.SECONDS)
          .send(result -> {});
    }
  }
}
