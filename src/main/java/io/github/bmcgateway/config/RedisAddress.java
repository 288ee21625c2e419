package io.github.bmcgateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a Redis or Valkey server is found, and what opens it; never prints the latter.
 *
 * @param host name or address; of IPv6 without brackets
 * @param port from 1 to 65535
 * @param tls whether TLS is spoken, with a certificate that the JVM trusts for this host
 * @param user of its access list, if one is named
 * @param password if there is one
 * @param database number of the database, from 0
 */
public record RedisAddress(
    String host,
    int port,
    boolean tls,
    Optional<String> user,
    Optional<Secret> password,
    int database) {
  private static final int USUAL_PORT = 6379;
  private static final int MAX_DATABASE = 1_000;

  /** Understands {@code redis://} and {@code rediss://} URLs; a message never quotes one. */
  static RedisAddress parse(String text) throws BadValueException {
    URI uri = uri(text);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new BadValueException("neither redis:// nor rediss://");
    }
    if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new BadValueException("a URL with a host, without a query and a fragment is needed");
    }
    String login = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
    int colon = login.indexOf(':');
    if (!login.isEmpty() && colon < 0) {
      throw new BadValueException("a user without a password");
    }
    return new RedisAddress(
        uri.getHost().replaceAll("[\\[\\]]", ""),
        uri.getPort() < 0 ? USUAL_PORT : Parsers.port(Integer.toString(uri.getPort())),
        scheme.equals("rediss"),
        Optional.of(login.substring(0, Math.max(0, colon)))
            .filter(user -> !user.isEmpty())
            .map(RedisAddress::decoded),
        Optional.of(login.substring(colon + 1))
            .filter(word -> !word.isEmpty())
            .map(word -> Secret.of(decoded(word))),
        database(uri.getPath()));
  }

  private static URI uri(String text) throws BadValueException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // Its message would quote the password.
      throw new BadValueException(
          "not a URL; in a password, %-encode what isn't a letter or digit");
    }
  }

  private static int database(String path) throws BadValueException {
    return path.isEmpty() || path.equals("/")
        ? 0
        : Parsers.number(0, MAX_DATABASE).parse(path.substring(1));
  }

  /** Unlike in a form, a plus is a plus. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Where it is; not what opens it. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
