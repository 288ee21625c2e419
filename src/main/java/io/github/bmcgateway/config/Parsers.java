package io.github.bmcgateway.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Understands the texts of the settings. */
final class Parsers {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}) ?(B|KiB|MiB|GiB|TiB)?");
  private static final Map<String, Integer> SIZE_SHIFTS =
      Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);
  private static final long MAX_SIZE = 16L << 40;
  private static final Pattern COOKIE_NAME =
      Pattern.compile("[A-Za-z0-9!#%&'*+.^_`|~-][A-Za-z0-9!#$%&'*+.^_`|~-]{0,63}");
  private static final Pattern SESSION_PATH =
      Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");
  private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cntrl}]{1,256}");

  private Parsers() {}

  static Secret key(String text) throws BadValueException {
    if (text.contains(",")) {
      throw new BadValueException("a comma can't be part of a key");
    }
    Optional<String> weakness = KeyStrength.weakness(text);
    if (weakness.isPresent()) {
      throw new BadValueException(weakness.get());
    }
    return Secret.of(text);
  }

  static String printable(String text) throws BadValueException {
    return matching(PRINTABLE, text, "longer than 256 characters, or with a control character");
  }

  static JwkSetLocation jwkSet(String text) throws BadValueException {
    return text.matches("(?i)[a-z][a-z0-9+.-]+://.*") ? jwkSetUrl(text) : jwkSetFile(text);
  }

  private static JwkSetLocation jwkSetUrl(String text) throws BadValueException {
    try {
      URI uri = new URI(text);
      if (!"https".equalsIgnoreCase(uri.getScheme())) {
        throw new BadValueException("not https: whoever stands between could put his own key in");
      }
      if (uri.getHost() == null || uri.getRawFragment() != null) {
        throw new BadValueException("a URL with a host and without a fragment is needed");
      }
      if (uri.getRawUserInfo() != null) {
        throw new BadValueException("user and password in a URL have no function");
      }
      return new JwkSetLocation.AtUrl(uri);
    } catch (URISyntaxException e) {
      throw new BadValueException("not a URL");
    }
  }

  private static JwkSetLocation jwkSetFile(String text) throws BadValueException {
    try {
      Path file = Path.of(text).toAbsolutePath();
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw new BadValueException("there is no such file that may be read");
      }
      return new JwkSetLocation.InFile(file);
    } catch (InvalidPathException e) {
      throw new BadValueException("not a path");
    }
  }

  static String cookieName(String text) throws BadValueException {
    return matching(COOKIE_NAME, text, "not a cookie name");
  }

  static String sessionPath(String text) throws BadValueException {
    String path = matching(SESSION_PATH, text, "not a path in canonical form");
    if (path.length() > 128) {
      throw new BadValueException("longer than 128 characters");
    }
    if ((path + "/").startsWith("/websocket/")) {
      throw new BadValueException("/websocket/ belongs to the edges");
    }
    return path;
  }

  static HostPattern hostPattern(String text) throws BadValueException {
    return HostPattern.parse(text)
        .orElseThrow(() -> new BadValueException("\"" + Problems.shown(text) + "\" is not a host"));
  }

  static Cidr network(String text) throws BadValueException {
    return Cidr.parse(text)
        .orElseThrow(
            () -> new BadValueException("\"" + Problems.shown(text) + "\" is not a network"));
  }

  /** A network, or the word for those of a machine's own addresses. */
  static List<Cidr> networksOrLoopback(String text) throws BadValueException {
    return text.equals("loopback") ? Cidr.LOOPBACK : List.of(network(text));
  }

  static Integer port(String text) throws BadValueException {
    return number(1, 65535).parse(text);
  }

  static SettingsReader.Parser<Integer> number(int min, int max) {
    return text -> {
      int number = Integer.parseInt(matching(NUMBER, text, "not a number"));
      if (number < min || number > max) {
        throw new BadValueException(number < min ? "less than " + min : "more than " + max);
      }
      return number;
    };
  }

  static SettingsReader.Parser<Duration> duration(Duration min, Duration max) {
    return text -> {
      Duration duration =
          Durations.parse(text).orElseThrow(() -> new BadValueException("not a duration"));
      if (duration.compareTo(min) < 0) {
        throw new BadValueException("shorter than " + Durations.format(min));
      }
      if (duration.compareTo(max) > 0) {
        throw new BadValueException("longer than " + Durations.format(max));
      }
      return duration;
    };
  }

  /** A size in bytes. */
  static Long size(String text) throws BadValueException {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException("not a size");
    }
    long count = Long.parseLong(matcher.group(1));
    int shift = matcher.group(2) == null ? 0 : SIZE_SHIFTS.getOrDefault(matcher.group(2), 0);
    if (count > MAX_SIZE >> shift) {
      throw new BadValueException("more than 16 TiB");
    }
    return count << shift;
  }

  static Path writableFolder(String text) throws BadValueException {
    try {
      Path folder = Path.of(text);
      if (!folder.isAbsolute()) {
        throw new BadValueException("not an absolute path");
      }
      if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
        throw new BadValueException("there is no folder of that name that may be written to");
      }
      return folder;
    } catch (InvalidPathException e) {
      throw new BadValueException("not a path");
    }
  }

  /** A file that can be read and written, or made. */
  static Path ownFile(String text) throws BadValueException {
    try {
      Path file = Path.of(text);
      if (!file.isAbsolute()) {
        throw new BadValueException("not an absolute path");
      }
      Path folder = file.getParent();
      boolean there = Files.exists(file);
      if (there ? !isUsable(file) : folder == null || !Files.isWritable(folder)) {
        throw new BadValueException("it can't be read and written, or made");
      }
      return file;
    } catch (InvalidPathException e) {
      throw new BadValueException("not a path");
    }
  }

  private static boolean isUsable(Path file) {
    return Files.isRegularFile(file) && Files.isReadable(file) && Files.isWritable(file);
  }

  /** Address and port of a connector; nothing is bound. */
  static String listenAddress(String text) throws BadValueException {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean v6 = host.startsWith("[") && host.endsWith("]");
    if (HostPattern.parse(host).isEmpty() || host.startsWith("*") || v6 != host.contains(":")) {
      throw new BadValueException("not an address and a port");
    }
    port(text.substring(colon + 1));
    return text;
  }

  /** A file that holds a PEM block of this kind. */
  static Path pem(String text, String kind) throws BadValueException {
    try {
      Path file = Path.of(text).toAbsolutePath();
      if (!Files.readString(file, StandardCharsets.ISO_8859_1)
          .contains("-----BEGIN " + kind + "-----")) {
        throw new BadValueException("there is no \"BEGIN " + kind + "\" in it");
      }
      return file;
    } catch (IOException | InvalidPathException e) {
      throw new BadValueException("it can't be read");
    }
  }

  private static String matching(Pattern pattern, String text, String why)
      throws BadValueException {
    if (!pattern.matcher(text).matches()) {
      throw new BadValueException(why);
    }
    return text;
  }
}
