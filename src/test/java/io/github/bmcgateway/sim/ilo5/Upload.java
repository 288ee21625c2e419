package io.github.bmcgateway.sim.ilo5;

/**
 * A file that a unit accepted.
 *
 * @param path where it was sent
 * @param fileName its name in the form
 * @param bytes its length
 * @param sha256 its hash, 64 lower-case hex digits
 * @param parameters the form's part of that name, verbatim
 */
public record Upload(String path, String fileName, long bytes, String sha256, String parameters) {}
