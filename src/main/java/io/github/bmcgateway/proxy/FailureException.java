package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import java.io.IOException;

/** Ends an exchange with an answer of the gateway's own. */
final class FailureException extends IOException {
  private static final long serialVersionUID = 1L;
  private final Failure failure;

  FailureException(Failure failure) {
    super(failure.code());
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }
}
