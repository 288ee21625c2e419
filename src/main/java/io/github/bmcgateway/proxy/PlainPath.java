package io.github.bmcgateway.proxy;

import java.net.URI;

/** A path as a lenient BMC may read it, so that odd spellings of it don't pass unseen. */
final class PlainPath {
  private PlainPath() {}

  /** Without escapes, parameters, dot segments and empty segments; as it is where that fails. */
  static String of(String path) {
    try {
      String decoded = new URI(path.replaceAll("//+", "/")).getPath();
      String bare = decoded.replaceAll(";[^/]*", "").replaceAll("//+", "/");
      return new URI(null, null, bare, null).normalize().getPath();
    } catch (java.net.URISyntaxException e) {
      return path;
    }
  }
}
