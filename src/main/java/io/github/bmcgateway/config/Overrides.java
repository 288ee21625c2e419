package io.github.bmcgateway.config;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the operator knows better about single BMCs. Each part of an override stands for itself: it
 * is taken from the most specific entry that has it. Immutable; safe for use by several threads.
 *
 * @param entries the overrides, the most specific ones first
 */
public record Overrides(List<BmcOverride> entries) {
  /** No override at all. */
  public static final Overrides NONE = new Overrides(List.of());

  /** Sorts a copy of the list. */
  public Overrides {
    entries =
        entries.stream()
            .sorted(
                Comparator.comparingInt((BmcOverride entry) -> entry.network().prefixBits())
                    .reversed())
            .toList();
  }

  /** The vendor of the BMC at this address. */
  public Optional<String> vendor(InetAddress address) {
    return find(address, BmcOverride::vendor);
  }

  /** The authority that the BMC at this address knows itself by. */
  public Optional<String> host(InetAddress address) {
    return find(address, BmcOverride::host);
  }

  /** The console port of the BMC at this address. */
  public Optional<Integer> consolePort(InetAddress address) {
    return find(address, BmcOverride::consolePort);
  }

  /** How many exchanges at a time the BMC at this address bears. */
  public Optional<Integer> requests(InetAddress address) {
    return find(address, BmcOverride::requests);
  }

  /** Which TLS is spoken with the BMC at this address. */
  public Optional<TlsProfile> tls(InetAddress address) {
    return find(address, BmcOverride::tls);
  }

  /** How the BMC at this address is recognised. */
  public Optional<Trust> trust(InetAddress address) {
    return find(address, BmcOverride::trust);
  }

  private <T> Optional<T> find(InetAddress address, Function<BmcOverride, Optional<T>> part) {
    return entries.stream()
        .filter(entry -> entry.network().contains(address))
        .map(part)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
