package io.github.bmcgateway.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Understands one entry of {@code bmc.overrides}. */
final class OverrideParser {
  private static final Set<String> PARTS =
      Set.of("vendor", "host", "consolePort", "requests", "tls", "trust");
  private static final Pattern VENDOR = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern PORT_BEHIND = Pattern.compile(":[0-9]{1,5}$");

  private OverrideParser() {}

  static BmcOverride parse(Map<String, String> entry) throws BadValueException {
    for (String key : entry.keySet()) {
      if (!PARTS.contains(key) && !"address".equals(key)) {
        throw new BadValueException("\"" + Problems.shown(key) + "\" is unknown");
      }
    }
    if (!entry.containsKey("address") || entry.size() < 2) {
      throw new BadValueException("it needs an address and something that differs there");
    }
    return new BmcOverride(
        part(entry, "address", Parsers::network).orElseThrow(),
        part(entry, "vendor", OverrideParser::vendor),
        part(entry, "host", OverrideParser::authority),
        part(entry, "consolePort", Parsers::port),
        part(entry, "requests", Parsers.number(1, 64)),
        part(entry, "tls", text -> TrustSettings.word(TlsProfile.class, text)),
        part(entry, "trust", text -> TrustSettings.word(Trust.class, text)));
  }

  private static <T> Optional<T> part(
      Map<String, String> entry, String key, SettingsReader.Parser<T> parser)
      throws BadValueException {
    String text = entry.get(key);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parse(text));
    } catch (BadValueException e) {
      throw new BadValueException(key + ": " + e.why());
    }
  }

  private static String vendor(String text) throws BadValueException {
    if (!VENDOR.matcher(text).matches()) {
      throw new BadValueException("not the name of a vendor profile");
    }
    return text;
  }

  /** A host with an optional port. IPv6 needs brackets, as it does wherever a port may follow. */
  private static String authority(String text) throws BadValueException {
    String host = PORT_BEHIND.matcher(text).replaceFirst("");
    boolean bracketed = host.startsWith("[");
    if (host.startsWith("*")
        || host.contains(":") != bracketed
        || HostPattern.parse(host).isEmpty()) {
      throw new BadValueException("not a host with an optional port");
    }
    if (host.length() < text.length()) {
      Parsers.port(text.substring(host.length() + 1));
    }
    return text;
  }
}
