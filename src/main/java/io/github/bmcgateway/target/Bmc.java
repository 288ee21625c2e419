package io.github.bmcgateway.target;

/**
 * A BMC: where it is and how its vendor's firmware behaves.
 *
 * @param address where its pages are
 * @param consolePort where its console is, at the same address; 1 to 65535
 * @param profile the profile of its vendor
 */
public record Bmc(BmcAddress address, int consolePort, VendorProfile profile) {}
