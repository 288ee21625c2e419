package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.BmcGate.Permit;
import io.github.bmcgateway.target.BmcSession;
import io.github.bmcgateway.target.VendorProfile.Logout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions at BMCs with the request that the vendor's profile describes. Waits for its place
 * like any other request, tries once, and gives up after ten seconds. Safe for use by several
 * threads.
 */
public final class BmcLogouts implements Function<BmcSession, CompletableFuture<Integer>> {
  private static final Logger LOG = LoggerFactory.getLogger(BmcLogouts.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Stands in the queue for them all, so that many logouts don't hold up anybody's page. */
  private static final String SESSION = "logout";

  private final HttpClient client;
  private final BmcGate gate;

  public BmcLogouts(HttpClient client, BmcGate gate) {
    this.client = client;
    this.gate = gate;
  }

  /**
   * Logs a session out.
   *
   * @return the status of the answer; fails where there is none
   */
  @Override
  public CompletableFuture<Integer> apply(BmcSession session) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    CompletableFuture<Permit> place = gate.request(session.bmc(), SESSION);
    place.whenComplete((permit, failure) -> send(session, permit, failure, status));
    return status;
  }

  private void send(
      BmcSession session,
      @Nullable Permit permit,
      @Nullable Throwable refused,
      CompletableFuture<Integer> status) {
    if (permit == null) {
      status.completeExceptionally(refused == null ? new IllegalStateException() : refused);
      return;
    }
    try {
      request(session).send(result -> over(session, result, permit, status));
    } catch (RuntimeException e) {
      permit.close();
      status.completeExceptionally(e);
    }
  }

  /** Says nothing of the failure: its message may hold the request. */
  private static void over(
      BmcSession session, Result result, Permit permit, CompletableFuture<Integer> status) {
    permit.close();
    boolean answered = result.isSucceeded();
    LOG.debug("Logout at {}, answered: {}", session.bmc().address().ip(), answered);
    if (answered) {
      status.complete(result.getResponse().getStatus());
    } else {
      status.completeExceptionally(result.getFailure());
    }
  }

  private Request request(BmcSession session) {
    Logout logout = session.logout();
    Request request =
        client
            .newRequest("https://" + HostPort.of(session.bmc().address()))
            .method(logout.method())
            .path(session.fill(logout.path()))
            .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .headers(headers -> fill(headers, session));
    logout
        .body()
        .map(body -> session.fill(body).getBytes(StandardCharsets.UTF_8))
        .ifPresent(
            bytes ->
                request.body(new BytesRequestContent(logout.headers().get("Content-Type"), bytes)));
    return BmcClients.pooled(request, session.bmc());
  }

  private static void fill(HttpFields.Mutable headers, BmcSession session) {
    headers.clear();
    headers.put(HttpHeader.HOST, session.bmc().address().authority());
    headers.put(HttpHeader.ACCEPT, "*/*");
    if (session.bmc().profile().alwaysGzip()) {
      headers.put(HttpHeader.ACCEPT_ENCODING, "gzip");
    }
    session.logout().headers().forEach((name, value) -> headers.put(name, session.fill(value)));
  }
}
