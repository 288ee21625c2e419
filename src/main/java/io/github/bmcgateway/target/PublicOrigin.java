package io.github.bmcgateway.target;

/**
 * The origin under which the browser sees the gateway.
 *
 * @param scheme {@code https} or {@code http}
 * @param host the host in lower case, IPv6 in brackets
 * @param port the port, 1 to 65535, the scheme's default included
 */
public record PublicOrigin(String scheme, String host, int port) {
  /** Host, and port where it isn't the scheme's default. */
  public String authority() {
    return port == ("https".equals(scheme) ? 443 : 80) ? host : host + ":" + port;
  }

  @Override
  public String toString() {
    return scheme + "://" + authority();
  }
}
