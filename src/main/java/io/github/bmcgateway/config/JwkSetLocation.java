package io.github.bmcgateway.config;

import java.net.URI;
import java.nio.file.Path;

/** Where the token issuer's public keys are found, as a JWK set (RFC 7517, section 5). */
public sealed interface JwkSetLocation {
  /** A file. */
  record InFile(Path path) implements JwkSetLocation {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** An https URL; its path and query may be what makes it hard to guess, so it isn't printed. */
  record AtUrl(URI uri) implements JwkSetLocation {
    @Override
    public String toString() {
      return "https://" + uri.getRawAuthority() + "/...";
    }
  }
}
