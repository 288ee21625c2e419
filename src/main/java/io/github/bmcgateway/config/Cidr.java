package io.github.bmcgateway.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network: an address and the number of leading bits that count. Compared as addresses, so the
 * spelling doesn't matter and an IPv4-mapped address lies in the IPv4 network.
 *
 * @param address the network's address; bits after the prefix are zero
 * @param prefixBits leading bits that count, 0 to 32 or 128
 */
public record Cidr(InetAddress address, int prefixBits) {
  /** The networks of a machine's own addresses (RFC 1122 and 4291). */
  public static final List<Cidr> LOOPBACK =
      Stream.of("127.0.0.0/8", "::1/128").map(Cidr::parse).flatMap(Optional::stream).toList();

  /** Parses {@code address/bits} or a single address; empty when it is neither. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    return IpAddresses.parse(literal)
        .flatMap(
            address -> {
              int width = address.getAddress().length * 8;
              String bits = slash < 0 ? Integer.toString(width) : text.substring(slash + 1);
              if (!bits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(bits) > width) {
                return Optional.empty();
              }
              Cidr cidr = new Cidr(address, Integer.parseInt(bits));
              return cidr.hasHostBits() ? Optional.empty() : Optional.of(cidr);
            });
  }

  /** Whether the address lies in this network. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every address of {@code other} lies in this network. */
  public boolean contains(Cidr other) {
    return other.prefixBits >= prefixBits && contains(other.address);
  }

  private boolean hasHostBits() {
    byte[] bytes = address.getAddress();
    for (int bit = prefixBits; bit < bytes.length * 8; bit++) {
      if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return IpAddresses.format(address) + "/" + prefixBits;
  }
}
