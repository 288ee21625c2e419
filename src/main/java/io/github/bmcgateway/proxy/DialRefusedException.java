package io.github.bmcgateway.proxy;

import java.io.IOException;

/** The guard does not let this address or port be dialled. */
final class DialRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  DialRefusedException() {
    super("address or port not allowed");
  }
}
