package io.github.bmcgateway.policy;

/** What was given as a revocation isn't one; the message says why and quotes nothing of it. */
public final class InvalidRevocationException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidRevocationException(String why) {
    super(why);
  }

  /** Why it isn't one. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
