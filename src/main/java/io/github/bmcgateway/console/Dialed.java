package io.github.bmcgateway.console;

import java.util.Optional;

/** How a BMC took an upgrade. */
sealed interface Dialed {
  /**
   * The BMC's socket is open; nothing is read from it before it is asked for.
   *
   * @param subprotocol what the BMC chose among what the browser offered
   */
  record Connected(Optional<String> subprotocol) implements Dialed {}

  /** The BMC answered with something other than a socket. */
  record Refused(int status) implements Dialed {}

  /** The BMC didn't answer, or not in a way that makes sense. */
  record Failed(Throwable cause) implements Dialed {}
}
