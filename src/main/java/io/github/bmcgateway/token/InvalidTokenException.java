package io.github.bmcgateway.token;

import java.util.Optional;

/** Leaves the reading of a token at the first fault; never leaves the package. */
final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final TokenResult.Reason reason;
  private final transient Optional<Grant> signed;

  /** Of a token that proves nothing, or can't be read. */
  InvalidTokenException(TokenResult.Reason reason) {
    this(reason, Optional.empty());
  }

  /** Of a token whose signature is good. */
  InvalidTokenException(TokenResult.Reason reason, Grant signed) {
    this(reason, Optional.of(signed));
  }

  private InvalidTokenException(TokenResult.Reason reason, Optional<Grant> signed) {
    // Tokens are the clients' input: a stack trace for each bad one would only cost time.
    super(reason.name(), null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.reason = reason;
    this.signed = signed;
  }

  TokenResult.Invalid result() {
    return new TokenResult.Invalid(reason, signed);
  }
}
