package io.github.bmcgateway.proxy.tls;

import javax.net.ssl.SSLHandshakeException;

/** A BMC isn't known by the certificate that it shows, or can't be told. */
final class UntrustedException extends SSLHandshakeException {
  private static final long serialVersionUID = 1L;

  UntrustedException(String message) {
    super(message);
  }

  UntrustedException(String message, Throwable cause) {
    super(message);
    initCause(cause);
  }
}
