package io.github.bmcgateway.config;

/** A text isn't a value of its setting; the message says why, without the text itself. */
final class BadValueException extends Exception {
  private static final long serialVersionUID = 1;

  BadValueException(String why) {
    super(why);
  }

  /** Why the text was refused, to follow the words "is refused:". */
  String why() {
    return String.valueOf(getMessage());
  }
}
