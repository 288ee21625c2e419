package io.github.bmcgateway.target;

import io.github.bmcgateway.config.IpAddresses;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Where a BMC is dialled and what it calls itself. Two requests are for the same BMC when these are
 * equal.
 *
 * @param ip the address that is dialled
 * @param port the port that is dialled for pages, 1 to 65535
 * @param host the authority that the BMC knows itself by, sent verbatim and never resolved
 */
public record BmcAddress(InetAddress ip, int port, Optional<String> host) {
  /** The BMC's own authority, for {@code Host}, {@code Origin} and {@code Referer}. */
  public String authority() {
    return host.orElseGet(
        () -> port == 443 ? IpAddresses.formatHost(ip) : IpAddresses.formatHost(ip) + ":" + port);
  }

  /** The BMC's own origin; always https. */
  public String origin() {
    return "https://" + authority();
  }
}
