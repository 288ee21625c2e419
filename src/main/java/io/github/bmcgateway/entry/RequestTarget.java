package io.github.bmcgateway.entry;

/** Whose a request target is. */
sealed interface RequestTarget {
  /** One of the gateway's own URLs; the path is literally that. */
  record Own(String path) implements RequestTarget {}

  /** The BMC's: path and query, byte for byte. */
  record ForBmc(String text) implements RequestTarget {}

  /** Malformed, or the gateway's to one reader and the BMC's to another. */
  record Ambiguous() implements RequestTarget {}
}
