package io.github.bmcgateway.proxy;

import io.github.bmcgateway.rewrite.TransformException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * A BMC's answer that isn't broken off when the browser can't be written to: that is told to the
 * turn, and the rest is read on. For one piece of the body.
 */
final class DrainedResponse implements Response {
  private final Response response;
  private final Turn turn;
  private final Runnable demander;
  private final AtomicBoolean demanded = new AtomicBoolean();

  DrainedResponse(Response response, Turn turn, Runnable demander) {
    this.response = response;
    this.turn = turn;
    this.demander = demander;
  }

  /** Asks for the next piece, unless that was done. */
  void demand() {
    if (demanded.compareAndSet(false, true)) {
      demander.run();
    }
  }

  @Override
  public CompletableFuture<Boolean> abort(Throwable cause) {
    if (cause instanceof TransformException) {
      return response.abort(cause);
    }
    turn.browserGone(cause);
    demand();
    return CompletableFuture.completedFuture(false);
  }

  @Override
  public Request getRequest() {
    return response.getRequest();
  }

  @Override
  public HttpVersion getVersion() {
    return response.getVersion();
  }

  @Override
  public int getStatus() {
    return response.getStatus();
  }

  @Override
  public String getReason() {
    return response.getReason();
  }

  @Override
  public HttpFields getHeaders() {
    return response.getHeaders();
  }

  @Override
  public @Nullable HttpFields getTrailers() {
    return response.getTrailers();
  }
}
