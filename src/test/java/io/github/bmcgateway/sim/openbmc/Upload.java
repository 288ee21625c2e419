package io.github.bmcgateway.sim.openbmc;

/**
 * An image that a unit accepted.
 *
 * @param bytes its length
 * @param sha256 its hash, 64 lower-case hex digits
 */
public record Upload(long bytes, String sha256) {}
