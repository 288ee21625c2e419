package io.github.bmcgateway.config;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * One entry of {@code bmc.pins}: certificates that a BMC may show.
 *
 * @param ip the BMC's address
 * @param port the port that the entry is for; empty for every port of the address
 * @param fingerprints the certificates, at least one
 */
public record Pin(InetAddress ip, Optional<Integer> port, Set<Fingerprint> fingerprints) {}
