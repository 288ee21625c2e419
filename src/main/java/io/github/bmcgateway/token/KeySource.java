package io.github.bmcgateway.token;

import java.util.Optional;

/** Where keys come from, and may change while the gateway runs. Safe for use by several threads. */
interface KeySource {
  /** The keys in force; never blocks. */
  KeyRing current();

  /**
   * The keys in force after a token named one that isn't among {@link #current()}: asks the source
   * again where that may help. Blocks for a bounded time.
   */
  default KeyRing renewed() {
    return current();
  }

  /** What an operator has to be told while there are no keys; empty when there are some. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** Called regularly, by one thread; may block. */
  default void look() {}
}
