package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.BmcTrust;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.config.TlsProfile;
import io.github.bmcgateway.config.Trust;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * By what connections to BMCs are made and believed: one state of the settings, which another takes
 * the place of as a whole. Immutable; safe for use by several threads.
 *
 * @param store the certificates remembered at first use
 * @param legacy the TLS of legacy BMCs, once an override has asked for it
 */
record TlsRules(
    BmcTrust trust, Overrides overrides, Optional<PinStore> store, Optional<LegacyTls> legacy) {
  private static final TlsRules NONE =
      new TlsRules(BmcTrust.NONE, Overrides.NONE, Optional.empty(), Optional.empty());

  /**
   * What holds for one port of a BMC. A connection that was made under an equal one is as good as
   * one that is made now.
   *
   * @param tls the TLS that is spoken
   * @param pins the certificates that the settings name; empty if they name none
   * @param unpinned what holds where they name none
   * @param store where the certificate is remembered, if it is
   */
  record Rule(TlsProfile tls, Set<Fingerprint> pins, Trust unpinned, Optional<PinStore> store) {
    /** The same for a connection on which this TLS is spoken. */
    Rule speaking(TlsProfile spoken) {
      return new Rule(spoken, pins, unpinned, store);
    }

    /** Whether no certificate is looked at. */
    boolean takesAny() {
      return pins.isEmpty() && unpinned == Trust.ANY;
    }
  }

  /**
   * The rules of these settings; reads the store.
   *
   * @throws IllegalStateException if they need the TLS of legacy BMCs and it can't be loaded
   */
  static TlsRules of(GatewayConfig.Bmc config) {
    return NONE.next(config);
  }

  /**
   * The rules of the settings that come after these: with the same store if it is the same file,
   * and what was loaded for legacy BMCs, which is loaded once. The rest is as in {@link #of}.
   */
  TlsRules next(GatewayConfig.Bmc config) {
    Optional<LegacyTls> loaded =
        legacy.isEmpty() && needsLegacy(config.overrides())
            ? Optional.of(LegacyTls.load())
            : legacy;
    Optional<PinStore> nextStore = config.trust().pinStore().map(this::storeIn);
    return new TlsRules(config.trust(), config.overrides(), nextStore, loaded);
  }

  private static boolean needsLegacy(Overrides overrides) {
    return overrides.entries().stream()
        .anyMatch(entry -> entry.tls().equals(Optional.of(TlsProfile.LEGACY)));
  }

  private PinStore storeIn(Path file) {
    return store
        .filter(known -> known.isIn(file))
        .orElseGet(() -> PinStore.open(file, Clock.systemUTC()));
  }

  /** What holds for one port of a BMC. */
  Rule rule(Endpoint bmc) {
    TlsProfile tls = overrides.tls(bmc.ip()).orElse(TlsProfile.MODERN);
    Set<Fingerprint> pins = trust.pins(bmc);
    if (!pins.isEmpty()) {
      return new Rule(tls, pins, Trust.PINNED, Optional.empty());
    }
    Trust unpinned = overrides.trust(bmc.ip()).orElse(trust.usual());
    return new Rule(tls, pins, unpinned, unpinned == Trust.TOFU ? store : Optional.empty());
  }

  /** The TLS of legacy BMCs if this address is one's. */
  Optional<LegacyTls> legacyAt(String host) {
    return legacy.filter(
        loaded ->
            IpAddresses.parse(host)
                .flatMap(overrides::tls)
                .filter(TlsProfile.LEGACY::equals)
                .isPresent());
  }
}
