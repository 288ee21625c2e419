package io.github.bmcgateway.rewrite;

import java.io.IOException;

/** A BMC's answer can't be rewritten: too long, or not in the coding that it claims. */
public final class TransformException extends IOException {
  private static final long serialVersionUID = 1L;

  TransformException(String message) {
    super(message);
  }
}
