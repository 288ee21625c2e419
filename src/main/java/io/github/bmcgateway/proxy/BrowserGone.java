package io.github.bmcgateway.proxy;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.EOFException;
import org.eclipse.jetty.client.Request;

/** Lets the BMC go when the container reports that the browser has left. */
final class BrowserGone implements AsyncListener {
  private final Request request;

  BrowserGone(Request request) {
    this.request = request;
  }

  @Override
  public void onError(AsyncEvent event) {
    Throwable cause = event.getThrowable();
    request.abort(cause != null ? cause : new EOFException("browser gone"));
  }

  @Override
  public void onComplete(AsyncEvent event) {}

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
