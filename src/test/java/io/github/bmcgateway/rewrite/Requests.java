package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.TestProfiles;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.target.VendorProfile.Transform;
import io.github.bmcgateway.target.VendorProfiles;
import java.util.List;
import java.util.Optional;

/** Requests to BMCs behind a public host. */
final class Requests {
  private Requests() {}

  static BmcRequest idrac9(String ip, String publicHost, int publicPort) {
    return request(
        address(ip, 443, ""),
        VendorProfiles.builtIn().find(Optional.of("idrac9")).orElseThrow(),
        new PublicOrigin("https", publicHost, publicPort));
  }

  /** To a BMC of a vendor with these transforms, at 10.0.0.5 behind https://pm.example.com. */
  static BmcRequest with(Transform... transforms) {
    return request(
        address("10.0.0.5", 443, ""),
        profile(transforms),
        new PublicOrigin("https", "pm.example.com", 443));
  }

  /** To any BMC. */
  static BmcRequest to(BmcAddress address, PublicOrigin origin) {
    return request(address, profile(), origin);
  }

  /**
   * @param host what the token says the BMC calls itself; nothing if empty
   */
  static BmcAddress address(String ip, int port, String host) {
    return new BmcAddress(
        IpAddresses.parse(ip).orElseThrow(), port, Optional.of(host).filter(h -> !h.isEmpty()));
  }

  private static VendorProfile profile(Transform... transforms) {
    return TestProfiles.transforming("acme", "Acme", List.of(transforms));
  }

  private static BmcRequest request(
      BmcAddress address, VendorProfile profile, PublicOrigin origin) {
    return new BmcRequest(
        new Bmc(address, address.port(), profile), "/", origin, (kind, work) -> Optional.empty());
  }
}
