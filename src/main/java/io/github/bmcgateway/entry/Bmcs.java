package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.token.Grant;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of the BMC that a token names: the token's claims win, then the overrides of the
 * settings, then what was found out by asking the BMC. Asks nobody. Immutable; safe for use by
 * several threads.
 */
final class Bmcs {
  private final Overrides overrides;
  private final Function<Optional<String>, Optional<VendorProfile>> vendors;
  private final Function<BmcAddress, Optional<VendorProfile>> detected;

  /**
   * @param vendors the profile of a vendor, or of none in particular
   * @param detected the profile of a BMC that was asked already
   */
  Bmcs(
      Overrides overrides,
      Function<Optional<String>, Optional<VendorProfile>> vendors,
      Function<BmcAddress, Optional<VendorProfile>> detected) {
    this.overrides = overrides;
    this.vendors = vendors;
    this.detected = detected;
  }

  /** The vendor of a grant's BMC, if it was said or found out; nobody may know it by that name. */
  Optional<String> vendor(Grant grant) {
    return of(grant, grant.address().port())
        .filter(Bmc::vendorKnown)
        .map(bmc -> bmc.profile().name())
        .or(grant::vendor);
  }

  /** The BMC of a grant that another gateway serves: that one knows more of it. */
  Bmc elsewhere(Grant grant, int port) {
    BmcAddress address = new BmcAddress(grant.address().ip(), port, grant.address().host());
    return vendors
        .apply(Optional.empty())
        .map(
            profile ->
                new Bmc(
                    address,
                    grant.consolePort(),
                    Optional.empty(),
                    profile,
                    /* vendorKnown= */ false))
        .orElseThrow();
  }

  /**
   * The BMC of a grant; empty when it is of a vendor that nobody knows.
   *
   * @param port where its pages are
   */
  Optional<Bmc> of(Grant grant, int port) {
    InetAddress ip = grant.address().ip();
    BmcAddress address =
        new BmcAddress(ip, port, grant.address().host().or(() -> overrides.host(ip)));
    Optional<String> vendor = grant.vendor().or(() -> overrides.vendor(ip));
    Optional<VendorProfile> found = vendor.isPresent() ? Optional.empty() : detected.apply(address);
    return found
        .or(() -> vendors.apply(vendor))
        .map(
            profile ->
                new Bmc(
                    address,
                    grant.consolePort().or(() -> overrides.consolePort(ip)),
                    overrides.requests(ip),
                    profile,
                    /* vendorKnown= */ vendor.isPresent() || found.isPresent()));
  }
}
