package io.github.bmcgateway.cli;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.bmcgateway.config.IpAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * What a token is to say.
 *
 * @param ip address of the BMC
 * @param port port of the BMC, 1 to 65535
 * @param consolePort port of its console, 1 to 65535
 * @param host the authority that the BMC knows itself by
 * @param upstream host name of the gateway nearest to the BMC
 * @param vendor name of a vendor profile
 * @param issuer who issues the token
 * @param subject who the token is for
 * @param once whether its link works once
 * @param audience public hosts where the token is valid; empty for any
 * @param scope what the session may do, as a token says it; empty for everything
 */
record TokenClaims(
    InetAddress ip,
    Optional<Integer> port,
    Optional<Integer> consolePort,
    Optional<String> host,
    Optional<String> upstream,
    Optional<String> vendor,
    Optional<String> issuer,
    Optional<String> subject,
    boolean once,
    List<String> audience,
    List<String> scope) {

  /** As pmproxy's issuer sets it, for gateways whose clock is behind. */
  private static final Duration BACKDATED = Duration.ofSeconds(10);

  /** The claims of a token that is issued now. */
  JWTClaimsSet toClaimsSet(Instant now, Duration lifetime, String id) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .claim("ip", IpAddresses.format(ip))
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now.minus(BACKDATED)))
            .expirationTime(Date.from(now.plus(lifetime)))
            .jwtID(id);
    port.ifPresent(value -> claims.claim("port", value));
    consolePort.ifPresent(value -> claims.claim("console_port", value));
    host.ifPresent(value -> claims.claim("host", value));
    upstream.ifPresent(value -> claims.claim("upstream", value));
    vendor.ifPresent(value -> claims.claim("vendor", value));
    issuer.ifPresent(claims::issuer);
    subject.ifPresent(claims::subject);
    if (once) {
      claims.claim("once", true);
    }
    if (!audience.isEmpty()) {
      claims.audience(audience);
    }
    if (!scope.isEmpty()) {
      claims.claim("scope", scope);
    }
    return claims.build();
  }
}
