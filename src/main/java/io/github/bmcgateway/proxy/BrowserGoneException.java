package io.github.bmcgateway.proxy;

/** The browser has left; not to be taken for a BMC that has. */
final class BrowserGoneException extends Exception {
  private static final long serialVersionUID = 1L;

  BrowserGoneException(Throwable cause) {
    super(cause);
  }
}
