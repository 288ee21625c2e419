package io.github.bmcgateway.entry;

import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.http.HttpServletRequest;

/** Sessions of this gateway's browsers at gateways of other regions. */
@FunctionalInterface
interface FarSessions {
  /**
   * Ends the session there too, as far as that gateway can be reached; returns at once.
   *
   * @param request the browser's, ready to be relayed
   * @param to what it is about
   */
  void logOut(HttpServletRequest request, BmcRequest to);
}
