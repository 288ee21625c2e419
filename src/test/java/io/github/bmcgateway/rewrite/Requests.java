package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfiles;
import java.util.Optional;

/** Requests to an iDRAC9 behind a public host. */
final class Requests {
  private Requests() {}

  static BmcRequest idrac9(String ip, String publicHost, int publicPort) {
    BmcAddress address = new BmcAddress(IpAddresses.parse(ip).orElseThrow(), 443, Optional.empty());
    return new BmcRequest(
        new Bmc(address, 443, VendorProfiles.builtIn().find(Optional.of("idrac9")).orElseThrow()),
        "/",
        new PublicOrigin("https", publicHost, publicPort),
        (kind, work) -> Optional.empty());
  }
}
