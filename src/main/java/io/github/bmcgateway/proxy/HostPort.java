package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.BmcAddress;

/** Where to dial, as it stands in a URL. */
final class HostPort {
  private HostPort() {}

  static String of(BmcAddress bmc) {
    return IpAddresses.formatHost(bmc.ip()) + ":" + bmc.port();
  }
}
