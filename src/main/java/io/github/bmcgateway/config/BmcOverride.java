package io.github.bmcgateway.config;

import java.util.Optional;

/**
 * What the operator knows better about the BMCs of one network.
 *
 * @param network the network, or a single address
 * @param vendor name of the vendor profile
 * @param host the authority that the BMC knows itself by: a host with an optional port
 * @param consolePort port of the console, 1 to 65535
 * @param requests exchanges at a time, 1 to 64
 * @param tls which TLS is spoken
 * @param trust how the BMCs are recognised
 */
public record BmcOverride(
    Cidr network,
    Optional<String> vendor,
    Optional<String> host,
    Optional<Integer> consolePort,
    Optional<Integer> requests,
    Optional<TlsProfile> tls,
    Optional<Trust> trust) {}
