package io.github.bmcgateway.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A browser that has left, where the container's server tells that and its servlets don't. */
final class GoneBrowser {
  /** Request attribute: a {@link CompletableFuture} that becomes the browser's failure. */
  private static final String GONE = "io.github.bmcgateway.gone";

  private GoneBrowser() {}

  /**
   * Has somebody told when the browser leaves, if it can be known.
   *
   * @param told by a thread of the container, which does more about it: mustn't take long
   */
  static void watch(HttpServletRequest browser, Consumer<Throwable> told) {
    if (browser.getAttribute(GONE) instanceof CompletableFuture<?> gone) {
      gone.thenAccept(
          failure -> {
            if (failure instanceof Throwable cause) {
              told.accept(cause);
            }
          });
    }
  }
}
