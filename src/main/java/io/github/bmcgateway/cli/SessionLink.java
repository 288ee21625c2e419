package io.github.bmcgateway.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * The public address of a gateway, from which session links are made.
 *
 * @param origin scheme, host and port, without a path
 * @param host the host in lower case, IPv6 in brackets
 */
record SessionLink(String origin, String host) {
  /** The origin that the text says, with or without a final slash; empty when it says more. */
  static Optional<SessionLink> parse(String text) {
    try {
      URI uri = new URI(text);
      String origin = uri.getScheme() + "://" + uri.getRawAuthority();
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      boolean bare = text.equals(origin) || text.equals(origin + "/");
      return web && bare && uri.getHost() != null && uri.getRawUserInfo() == null
          ? Optional.of(new SessionLink(origin, uri.getHost().toLowerCase(Locale.ROOT)))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** The link that opens a session; a token in compact form needs no escaping. */
  String to(String sessionPath, String token) {
    return origin + sessionPath + "?token=" + token;
  }
}
