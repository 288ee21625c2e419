package io.github.bmcgateway.target;

import java.net.InetAddress;

/**
 * What the connections to one BMC have to keep to: the tag of each of the client's requests to it.
 * Requests of equal ones share connections; those of one address and port count together, whichever
 * of the BMC's ports they go to.
 *
 * @param ip the BMC's address
 * @param port the port of its pages
 * @param limits what it bears
 */
public record Budget(InetAddress ip, int port, VendorProfile.Limits limits) {
  /** That of a BMC. */
  public static Budget of(Bmc bmc) {
    return new Budget(bmc.address().ip(), bmc.address().port(), bmc.limits());
  }
}
