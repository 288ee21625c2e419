package io.github.bmcgateway.cli;

/** A command can't do what it was asked for; the message tells the user why. */
final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1;

  CommandFailedException(String message) {
    super(message);
  }
}
