package io.github.bmcgateway.token;

/** Leaves the reading of a token at the first fault; never leaves the package. */
final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final TokenResult.Reason reason;

  InvalidTokenException(TokenResult.Reason reason) {
    // Tokens are the clients' input: a stack trace for each bad one would only cost time.
    super(reason.name(), null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.reason = reason;
  }

  TokenResult.Reason reason() {
    return reason;
  }
}
