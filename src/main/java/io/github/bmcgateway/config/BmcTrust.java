package io.github.bmcgateway.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How BMCs are recognised. A certificate that {@code bmc.pins} names for a BMC is demanded whatever
 * else is set. Immutable; safe for use by several threads.
 *
 * @param usual holds for BMCs for which no override says otherwise
 * @param pins the entries of {@code bmc.pins}
 * @param pinStore file of the certificates remembered at first use; present when {@link Trust#TOFU}
 *     holds for any BMC
 */
public record BmcTrust(Trust usual, List<Pin> pins, Optional<Path> pinStore) {
  /** Nothing is checked. */
  public static final BmcTrust NONE = new BmcTrust(Trust.ANY, List.of(), Optional.empty());

  /**
   * The certificates that {@code bmc.pins} names for this port: those of the entries for just this
   * port, if there are any, else those of the entries for the whole address; empty if none is
   * named.
   */
  public Set<Fingerprint> pins(Endpoint endpoint) {
    Set<Fingerprint> own = pins(endpoint.ip(), Optional.of(endpoint.port()));
    return own.isEmpty() ? pins(endpoint.ip(), Optional.empty()) : own;
  }

  private Set<Fingerprint> pins(InetAddress ip, Optional<Integer> port) {
    Set<Fingerprint> found = new HashSet<>();
    pins.stream()
        .filter(pin -> pin.ip().equals(ip) && pin.port().equals(port))
        .forEach(pin -> found.addAll(pin.fingerprints()));
    return found;
  }
}
