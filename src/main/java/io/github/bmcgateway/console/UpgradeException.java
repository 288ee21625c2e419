package io.github.bmcgateway.console;

import java.net.ProtocolException;

/** A BMC answered an upgrade in a way that RFC 6455, section 4.1, doesn't allow. */
final class UpgradeException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  UpgradeException(String message) {
    super(message);
  }
}
