package io.github.bmcgateway.token;

/** Keys that can't be used; the message names the setting and the reason, and holds no key. */
public final class InvalidKeysException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidKeysException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
