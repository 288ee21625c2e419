package io.github.bmcgateway.jettybase;

import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Tells the web application of each browser that has left. Jetty's servlets tell it only while they
 * wait: what happens during the moment in which a thread of theirs has just written is lost, and
 * whoever has nothing more to write never hears of it.
 *
 * <p>Thread-safe.
 */
public final class GoneBrowsers implements HttpConfiguration.Customizer {
  /**
   * Name of the request attribute with a {@link CompletableFuture} that becomes the {@link
   * Throwable} that ended the request's connection or stream.
   */
  public static final String GONE = "io.github.bmcgateway.gone";

  /** Does nothing before it is added to an {@link HttpConfiguration}. */
  public GoneBrowsers() {}

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    CompletableFuture<Throwable> gone = new CompletableFuture<>();
    request.addFailureListener(gone::complete);
    request.setAttribute(GONE, gone);
    return request;
  }
}
