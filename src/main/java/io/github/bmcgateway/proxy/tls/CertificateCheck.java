package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.proxy.tls.TlsRules.Rule;
import io.github.bmcgateway.target.CertificateWatch;
import io.github.bmcgateway.target.PinAlarm;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
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
  private final Supplier<TlsRules> rules;
  private final TlsLog log;
  private final CertificateWatch watch;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();

  /**
   * A connection that was let pass.
   *
   * @param rule what it passed by
   * @param shown the certificate; a BMC may have none where any will do
   */
  record Passed(Rule rule, Optional<Fingerprint> shown) {}

  /** A connection whose BMC is known from a store. */
  private record Open(SslConnection connection, Endpoint bmc, Fingerprint shown, PinStore store) {}

  /**
   * @param rules those in force
   * @param alarm is told of certificates that aren't the right ones
   */
  CertificateCheck(Supplier<TlsRules> rules, PinAlarm alarm) {
    this(rules, alarm, CertificateWatch.NONE);
  }

  /**
   * The same, and somebody else is told of every certificate.
   *
   * @param watch told once a certificate was found to be the right one
   */
  CertificateCheck(Supplier<TlsRules> rules, PinAlarm alarm, CertificateWatch watch) {
    this.rules = rules;
    this.watch = watch;
    this.log = new TlsLog(alarm);
  }

  /** The rules in force. */
  TlsRules rules() {
    return rules.get();
  }

  /**
   * Lets a connection pass whose handshake is through.
   *
   * @return how it passes
   * @throws SSLException if the BMC isn't known by its certificate, or that can't be told
   */
  Passed check(Endpoint bmc, SslConnection connection) throws SSLException {
    try {
      Rule rule = rules().rule(bmc);
      decide(bmc, connection, rule);
      Optional<Fingerprint> shown = tell(bmc, connection);
      return new Passed(rule.speaking(LegacyTls.profileOf(connection.getSSLEngine())), shown);
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

  private void decide(Endpoint bmc, SslConnection connection, Rule rule)
      throws IOException, CertificateEncodingException {
    if (rule.takesAny()) {
      return;
    }
    Fingerprint shown = shown(connection);
    Set<Fingerprint> known =
        rule.store().isPresent()
            ? fromStore(new Open(connection, bmc, shown, rule.store().get()))
            : rule.pins();
    if (!known.contains(shown)) {
      // Else it would be resumed, and refused, even when the BMC shows the right one again.
      connection.getSSLEngine().getSession().invalidate();
      log.untrusted(bmc, known, shown, /* acceptable= */ rule.store().isPresent());
      throw new UntrustedException("the BMC shows a certificate that it isn't known by");
    }
  }

  private Optional<Fingerprint> tell(Endpoint bmc, SslConnection connection)
      throws IOException, CertificateEncodingException {
    try {
      Fingerprint shown = shown(connection);
      watch.shown(bmc, shown);
      return Optional.of(shown);
    } catch (SSLPeerUnverifiedException e) {
      // One that takes any takes none as well.
      return Optional.empty();
    }
  }

  private static Fingerprint shown(SslConnection connection)
      throws IOException, CertificateEncodingException {
    return Fingerprint.of(connection.getSSLEngine().getSession().getPeerCertificates()[0]);
  }

  private Set<Fingerprint> fromStore(Open one) throws IOException {
    PinStore pins = one.store();
    if (!pins.get(one.bmc()).equals(Optional.of(one.shown()))) {
      refresh(pins);
    }
    if (pins.get(one.bmc()).isEmpty()) {
      pins.remember(one.bmc(), one.shown());
      refresh(pins);
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
    rules().store().ifPresent(this::refresh);
  }

  private void refresh(PinStore pins) {
    if (pins.refresh()) {
      open.stream().filter(one -> one.store() == pins).forEach(CertificateCheck::closeOutdated);
    }
  }

  private static void closeOutdated(Open one) {
    if (one.store().get(one.bmc()).filter(pin -> !pin.equals(one.shown())).isPresent()) {
      // From the top, so that no request is put on it any more.
      one.connection().getSslEndPoint().getConnection().close();
    }
  }
}
