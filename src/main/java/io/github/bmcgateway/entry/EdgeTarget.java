package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.IpAddresses;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an edge says that a request goes.
 *
 * @param ip the BMC's address
 * @param port the port at the BMC, 1 to 65535
 */
record EdgeTarget(InetAddress ip, int port) {
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

  /** Reads an address literal, IPv6 with or without brackets, and a port. */
  static Optional<EdgeTarget> parse(String ip, String port) {
    boolean bracketed = ip.startsWith("[") && ip.endsWith("]") && ip.contains(":");
    String literal = bracketed ? ip.substring(1, ip.length() - 1) : ip;
    return PORT.matcher(port).matches() && Integer.parseInt(port) <= 65_535
        ? IpAddresses.parse(literal).map(address -> new EdgeTarget(address, Integer.parseInt(port)))
        : Optional.empty();
  }
}
