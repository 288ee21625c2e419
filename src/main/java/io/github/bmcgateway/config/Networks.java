package io.github.bmcgateway.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The networks in which a BMC may lie. A special range (loopback, link-local with the clouds'
 * metadata services, multicast, unspecified, broadcast) is opened only by an entry that lies wholly
 * inside it: {@code 0.0.0.0/0} opens none of them, {@code 127.0.0.2} and {@code 127.0.0.0/8} open
 * what they say. Immutable; safe for use by several threads.
 *
 * @param entries the networks
 */
public record Networks(List<Cidr> entries) {
  /** RFC 1122 and 6890 for IPv4, RFC 4291 for IPv6. */
  private static final List<Cidr> SPECIAL =
      Stream.of(
              "0.0.0.0/8",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "224.0.0.0/4",
              "255.255.255.255/32",
              "::/128",
              "::1/128",
              "fe80::/10",
              "ff00::/8")
          .map(Cidr::parse)
          .flatMap(Optional::stream)
          .toList();

  /** Keeps a copy of the list. */
  public Networks {
    entries = List.copyOf(entries);
  }

  /** Whether a BMC may lie at this address. */
  public boolean allows(InetAddress address) {
    Optional<Cidr> special = SPECIAL.stream().filter(range -> range.contains(address)).findFirst();
    return entries.stream()
        .filter(entry -> special.isEmpty() || special.get().contains(entry))
        .anyMatch(entry -> entry.contains(address));
  }
}
