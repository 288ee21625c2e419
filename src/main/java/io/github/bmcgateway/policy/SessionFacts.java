package io.github.bmcgateway.policy;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * What a token says about its session, as far as revocations go by it.
 *
 * @param tokenId the claim {@code jti}
 * @param subject the claim {@code sub}
 * @param bmc the BMC's address
 * @param issued the claim {@code iat}
 */
public record SessionFacts(
    Optional<String> tokenId,
    Optional<String> subject,
    InetAddress bmc,
    Optional<Instant> issued) {}
