package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.BmcTrust;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.config.Trust;
import io.github.bmcgateway.target.PinAlarm;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Decides, for every connection to a BMC and before the first byte of a request, whether the BMC
 * shows a certificate that it is known by. Looks at finished handshakes rather than at the chains
 * that a trust manager is asked about, which it isn't when a session is resumed. Connections that
 * are open when a BMC's certificate is changed in the store are closed, pages and consoles alike.
 * Safe for use by several threads.
 */
final class CertificateCheck {
  private final BmcTrust trust;
  private final Overrides overrides;
  private final Optional<PinStore> store;
  private final TlsLog log;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();

  /** A connection whose BMC is known from the store. */
  private record Open(SslConnection connection, Endpoint bmc, Fingerprint shown) {}

  private CertificateCheck(GatewayConfig.Bmc config, Optional<PinStore> store, PinAlarm alarm) {
    this.trust = config.trust();
    this.overrides = config.overrides();
    this.store = store;
    this.log = new TlsLog(alarm);
  }

  /** A check by these settings; reads the store. */
  static CertificateCheck of(GatewayConfig.Bmc config, PinAlarm alarm) {
    Optional<PinStore> store =
        config.trust().pinStore().map(path -> new PinStore(path, Clock.systemUTC()));
    store.ifPresent(PinStore::refresh);
    return new CertificateCheck(config, store, alarm);
  }

  /**
   * Lets a connection pass whose handshake is through.
   *
   * @throws SSLException if the BMC isn't known by its certificate, or that can't be told
   */
  void check(Endpoint bmc, SslConnection connection) throws SSLException {
    try {
      decide(bmc, connection);
    } catch (SSLException e) {
      throw e;
    } catch (RuntimeException | IOException | CertificateEncodingException e) {
      log.failed(bmc, e);
      // Jetty logs what a listener throws and goes on, unless it is of this kind.
      throw new UntrustedException("the BMC's certificate can't be checked", e);
    }
  }

  /** Takes note of a connection whose handshake came to nothing. */
  void failed(Endpoint bmc, Throwable failure) {
    log.failed(bmc, failure);
  }

  private void decide(Endpoint bmc, SslConnection connection)
      throws IOException, CertificateEncodingException {
    Set<Fingerprint> pins = trust.pins(bmc);
    Trust unpinned = overrides.trust(bmc.ip()).orElse(trust.usual());
    if (pins.isEmpty() && unpinned == Trust.ANY) {
      return;
    }
    boolean tofu = pins.isEmpty() && unpinned == Trust.TOFU;
    SSLSession session = connection.getSSLEngine().getSession();
    Fingerprint shown = Fingerprint.of(session.getPeerCertificates()[0]);
    Set<Fingerprint> known = tofu ? fromStore(new Open(connection, bmc, shown)) : pins;
    if (!known.contains(shown)) {
      // Else it would be resumed, and refused, even when the BMC shows the right one again.
      session.invalidate();
      log.untrusted(bmc, known, shown, /* acceptable= */ tofu);
      throw new UntrustedException("the BMC shows a certificate that it isn't known by");
    }
  }

  private Set<Fingerprint> fromStore(Open one) throws IOException {
    PinStore pins = store.orElseThrow();
    if (!pins.get(one.bmc()).equals(Optional.of(one.shown()))) {
      refresh();
    }
    if (pins.get(one.bmc()).isEmpty()) {
      pins.remember(one.bmc(), one.shown());
      refresh();
      log.remembered(one.bmc(), one.shown());
    }
    // On the list before the comparison: else a change in between would pass it by.
    watch(one);
    return pins.get(one.bmc()).map(Set::of).orElse(Set.of());
  }

  private void watch(Open one) {
    open.add(one);
    one.connection()
        .addEventListener(
            new Connection.Listener() {
              @Override
              public void onClosed(Connection closed) {
                open.remove(one);
              }
            });
    // It may have been closed before anybody listened.
    if (!one.connection().getEndPoint().isOpen()) {
      open.remove(one);
    }
  }

  /** Takes up what was accepted since; closes what is open on the strength of what was before. */
  void refresh() {
    store.filter(PinStore::refresh).ifPresent(this::closeOutdated);
  }

  private void closeOutdated(PinStore pins) {
    for (Open one : open) {
      if (pins.get(one.bmc()).filter(pin -> !pin.equals(one.shown())).isPresent()) {
        // From the top, so that no request is put on it any more.
        one.connection().getSslEndPoint().getConnection().close();
      }
    }
  }

  /** Whether what it knows may change while it runs. */
  boolean changes() {
    return store.isPresent();
  }
}
