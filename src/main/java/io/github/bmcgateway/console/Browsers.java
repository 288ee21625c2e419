package io.github.bmcgateway.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/** How a container turns a request into a browser's socket: one implementation for each API. */
interface Browsers {
  /**
   * Answers an upgrade with a socket and joins it to the bridge.
   *
   * @param subprotocol what the BMC chose
   * @throws Exception if the container won't; it may have answered the request then
   */
  void accept(
      HttpServletRequest request,
      HttpServletResponse response,
      Bridge bridge,
      Optional<String> subprotocol)
      throws Exception;
}
