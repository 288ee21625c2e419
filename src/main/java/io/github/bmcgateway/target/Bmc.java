package io.github.bmcgateway.target;

/**
 * A BMC: where it is and how its vendor's firmware behaves.
 *
 * @param address where it is
 * @param profile the profile of its vendor
 */
public record Bmc(BmcAddress address, VendorProfile profile) {}
