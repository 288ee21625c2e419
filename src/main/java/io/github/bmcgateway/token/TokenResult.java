package io.github.bmcgateway.token;

import java.util.Optional;

/** What verifying a token came to. */
public sealed interface TokenResult {
  /** The token is good now. */
  record Valid(Grant grant) implements TokenResult {}

  /** The token was good, but its time is over: it opens nothing, yet tells what it opened. */
  record Expired(Grant grant) implements TokenResult {}

  /**
   * The token opens nothing and proves nothing.
   *
   * @param signed what the token says, if its signature is good and its claims can be read; for the
   *     audit only
   */
  record Invalid(Reason reason, Optional<Grant> signed) implements TokenResult {}

  /** Why a token is invalid; for the audit, never for the client. */
  enum Reason {
    /** Not a JWS in compact form with canonical base64url and strict JSON, or too long. */
    MALFORMED,
    /** The header names another algorithm, or asks for something that isn't done here. */
    HEADER,
    /** No configured key made this signature. */
    SIGNATURE,
    /** A claim is missing, of the wrong type or out of range. */
    CLAIM,
    /** Before {@code nbf}, or issued in the future. */
    NOT_YET_VALID,
    /** {@code exp} lies farther ahead than the configuration permits. */
    LIFETIME,
    /** Not from the configured issuer. */
    ISSUER,
    /** Not for the configured audience. */
    AUDIENCE
  }
}
