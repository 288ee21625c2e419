package io.github.bmcgateway.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * One port of one address. This, and no name, is what a remembered certificate is bound to.
 *
 * @param port 1 to 65535
 */
public record Endpoint(InetAddress ip, int port) {
  /** Reads what {@link #toString} writes. */
  static Optional<Endpoint> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    String literal =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    try {
      int port = Parsers.port(text.substring(colon + 1));
      return IpAddresses.parse(literal)
          .map(ip -> new Endpoint(ip, port))
          .filter(endpoint -> endpoint.toString().equals(text));
    } catch (BadValueException e) {
      return Optional.empty();
    }
  }

  /** Address and port, as {@code 10.0.0.5:443} or {@code [fd00::5]:443}. */
  @Override
  public String toString() {
    return IpAddresses.formatHost(ip) + ":" + port;
  }
}
