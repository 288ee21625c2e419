package io.github.bmcgateway.target;

/** A vendor profile that can't be used; the message names the file and the reason. */
public final class InvalidProfileException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidProfileException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
