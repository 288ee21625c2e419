package io.github.bmcgateway.target;

import io.github.bmcgateway.target.VendorProfile.Limits;
import java.util.Optional;

/**
 * A BMC: where it is and how its vendor's firmware behaves.
 *
 * @param address where its pages are
 * @param givenConsolePort where its console is, at the same address, if that was said of this BMC;
 *     1 to 65535
 * @param givenRequests how many exchanges at a time it bears, if that was said of this BMC
 * @param profile the profile of its vendor; that of no vendor in particular until it is known
 * @param vendorKnown whether the vendor was said, or found out
 */
public record Bmc(
    BmcAddress address,
    Optional<Integer> givenConsolePort,
    Optional<Integer> givenRequests,
    VendorProfile profile,
    boolean vendorKnown) {
  /** A BMC of a known vendor. */
  public Bmc(BmcAddress address, int consolePort, VendorProfile profile) {
    this(address, Optional.of(consolePort), Optional.empty(), profile, /* vendorKnown= */ true);
  }

  /** The same BMC, now that its vendor is known. */
  public Bmc of(VendorProfile vendor) {
    return new Bmc(address, givenConsolePort, givenRequests, vendor, /* vendorKnown= */ true);
  }

  /** Where its console is: what was said of it, else what its vendor does, else its pages' port. */
  public int consolePort() {
    return givenConsolePort.or(profile::consolePort).orElse(address.port());
  }

  /** What it bears: what was said of it, else what its vendor's BMCs do. */
  public Limits limits() {
    Limits usual = profile.limits();
    return givenRequests.map(usual::withRequests).orElse(usual);
  }
}
