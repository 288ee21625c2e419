package io.github.bmcgateway.token;

import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.BmcAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a verified token permits. Holds nothing from which the token could be made again.
 *
 * @param address the one BMC that may be reached
 * @param hasPort whether the token claims the address's port, which is the usual one else
 * @param consolePort the port of the BMC's console, if the token claims one
 * @param vendor the vendor's name as the token claims it; not yet looked up
 * @param upstream the host name of the gateway nearest to the BMC, if the token names one
 * @param expires the instant from which the token opens nothing
 * @param once whether its link works once
 * @param issued when the token was issued, if it says so
 * @param subject who the token was issued for, for the audit
 * @param tokenId the issuer's own identifier of the token, for the audit
 * @param audience the public hosts where the token is valid; empty for any
 * @param scope what the token permits at the BMC; empty for everything
 * @param id identifies the token, and with it the session: SHA-256 of what its signature signs, in
 *     base64url. Not of the signature, of which ECDSA lets anybody make a second one
 */
public record Grant(
    BmcAddress address,
    boolean hasPort,
    Optional<Integer> consolePort,
    Optional<String> vendor,
    Optional<String> upstream,
    Instant expires,
    boolean once,
    Optional<Instant> issued,
    Optional<String> subject,
    Optional<String> tokenId,
    List<String> audience,
    Optional<Scope> scope,
    String id) {

  /** Copies the list. */
  public Grant {
    audience = List.copyOf(audience);
  }

  /**
   * Until when work that an earlier grant for the same BMC let begin may go on under this one. It
   * lasts no longer than it would have where this one doesn't permit the same: a console would
   * outlive its grant by a link that permits none.
   */
  public Instant extent(Grant earlier) {
    return scope.isEmpty() || scope.equals(earlier.scope) ? expires : earlier.expires;
  }
}
