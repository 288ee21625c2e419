package io.github.bmcgateway.console;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.SocketRoute;
import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.http.HttpFields;

/**
 * Decides which headers of a browser's upgrade reach the BMC. The headers that make up the
 * WebSocket handshake itself ({@code Connection}, {@code Upgrade}, {@code Sec-WebSocket-*}) are the
 * console's own: they are set after this was asked, whatever it did about them. Must be safe for
 * use by several threads.
 */
@FunctionalInterface
public interface UpgradeHeaders {
  /**
   * Fills in the headers.
   *
   * @param browser the browser's upgrade request
   * @param to where it goes
   * @param route how the vendor's profile routes it
   * @param headers the headers for the BMC; empty
   */
  void apply(
      HttpServletRequest browser, BmcRequest to, SocketRoute route, HttpFields.Mutable headers);
}
