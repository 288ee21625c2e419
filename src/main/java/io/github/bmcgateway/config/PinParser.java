package io.github.bmcgateway.config;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Understands one entry of {@code bmc.pins}. */
final class PinParser {
  private static final Set<String> PARTS = Set.of("address", "port", "sha256");

  private PinParser() {}

  static Pin parse(Map<String, String> entry) throws BadValueException {
    for (String key : entry.keySet()) {
      if (!PARTS.contains(key)) {
        throw new BadValueException("\"" + Problems.shown(key) + "\" is unknown");
      }
    }
    String address = entry.get("address");
    String sha256 = entry.get("sha256");
    if (address == null || sha256 == null) {
      throw new BadValueException("it needs an address and a sha256");
    }
    String port = entry.get("port");
    return new Pin(
        address(address),
        port == null ? Optional.empty() : Optional.of(Parsers.port(port)),
        fingerprints(sha256));
  }

  private static InetAddress address(String text) throws BadValueException {
    return IpAddresses.parse(text)
        .orElseThrow(
            () -> new BadValueException("\"" + Problems.shown(text) + "\" is not an address"));
  }

  private static Set<Fingerprint> fingerprints(String text) throws BadValueException {
    Set<Fingerprint> fingerprints = new LinkedHashSet<>();
    for (String one : text.split(",", -1)) {
      fingerprints.add(
          Fingerprint.parse(one.strip())
              .orElseThrow(
                  () ->
                      new BadValueException(
                          "sha256: not 64 hexadecimal digits, with or without colons")));
    }
    return Set.copyOf(fingerprints);
  }
}
