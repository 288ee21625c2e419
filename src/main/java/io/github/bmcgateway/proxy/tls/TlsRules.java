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
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * By what connections to BMCs are made and believed: one state of the settings, which another takes
 * the place of as a whole. Immutable; safe for use by several threads.
 *
 * @param store the certificates remembered at first use
 * @param modern the TLS of all other BMCs, with the sessions that were agreed on
 * @param legacy the TLS of legacy BMCs, once an override has asked for it
 */
record TlsRules(
    BmcTrust trust,
    Overrides overrides,
    Optional<PinStore> store,
    SSLContext modern,
    Optional<LegacyTls> legacy) {
  /** A BMC's certificate is seen anew after this time, at the latest. */
  private static final Duration SESSIONS = Duration.ofHours(1);

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
    Optional<PinStore> store =
        config.trust().pinStore().map(file -> PinStore.open(file, Clock.systemUTC()));
    return of(config, store, Optional.empty());
  }

  /**
   * The rules of the settings that come after these: with the same store if it is the same file,
   * and what was loaded for legacy BMCs, which is loaded once. No session of TLS that was agreed on
   * under other rules is resumed under them. The rest is as in {@link #of}.
   */
  TlsRules next(GatewayConfig.Bmc config) {
    Optional<PinStore> nextStore = config.trust().pinStore().map(this::storeIn);
    boolean same =
        config.trust().equals(trust)
            && config.overrides().equals(overrides)
            && nextStore.equals(store);
    return same ? this : of(config, nextStore, legacy.map(LegacyTls::withoutSessions));
  }

  private static TlsRules of(
      GatewayConfig.Bmc config, Optional<PinStore> store, Optional<LegacyTls> loaded) {
    Optional<LegacyTls> legacy =
        loaded.isEmpty() && needsLegacy(config.overrides())
            ? Optional.of(LegacyTls.load())
            : loaded;
    return new TlsRules(
        config.trust(), config.overrides(), store, rememberingSessions(modernContext()), legacy);
  }

  private static SSLContext modernContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], SslContextFactory.TRUST_ALL_CERTS, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JVM has no TLS", e);
    }
  }

  /** Bounds how long sessions of TLS are resumed instead of agreed on anew. */
  static SSLContext rememberingSessions(SSLContext context) {
    context.getClientSessionContext().setSessionTimeout((int) SESSIONS.toSeconds());
    return context;
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
