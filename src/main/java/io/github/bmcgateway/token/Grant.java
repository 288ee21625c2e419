package io.github.bmcgateway.token;

import io.github.bmcgateway.target.BmcAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a verified token permits. Holds nothing from which the token could be made again.
 *
 * @param address the one BMC that may be reached
 * @param consolePort the port of the BMC's console, if the token claims one
 * @param vendor the vendor's name as the token claims it; not yet looked up
 * @param expires the instant from which the token opens nothing
 * @param subject who the token was issued for, for the audit
 * @param tokenId the issuer's own identifier of the token, for the audit
 * @param audience the public hosts where the token is valid; empty for any
 * @param id identifies the token, and with it the session: SHA-256 of its header and payload in
 *     compact form, in base64url; the same whatever form the signature over them has
 */
public record Grant(
    BmcAddress address,
    Optional<Integer> consolePort,
    Optional<String> vendor,
    Instant expires,
    Optional<String> subject,
    Optional<String> tokenId,
    List<String> audience,
    String id) {

  /** Copies the list. */
  public Grant {
    audience = List.copyOf(audience);
  }
}
