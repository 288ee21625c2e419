package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.TlsProfile;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.bouncycastle.crypto.CryptoServicesRegistrar;
import org.bouncycastle.crypto.CryptoServicesRegistrar.Property;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The TLS of BMCs that nobody updates any more: TLS 1.0 to 1.3, 3DES, static RSA, RSA keys from 512
 * bits, certificates signed with MD5 or SHA-1. The JDK's own TLS obeys one list of forbidden
 * algorithms for the whole JVM; this one, Bouncy Castle's, reads the list only once, when its
 * classes are loaded, so that it can be given a shorter one while the JDK's, whose copy is made
 * before, stays strict. Its providers are registered nowhere: nobody else in the JVM meets them.
 *
 * <p>Immutable; safe for use by several threads.
 */
final class LegacyTls {
  private static final List<String> LISTS =
      List.of("jdk.tls.disabledAlgorithms", "jdk.certpath.disabledAlgorithms");

  private static final String STILL_FORBIDDEN = "SSLv3, NULL, anon";
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"};

  /**
   * Finite-field Diffie-Hellman: old BMCs bring 1024-bit groups, which Bouncy Castle breaks off on,
   * though they would have agreed on another suite.
   */
  private static final Pattern NOT_OFFERED = Pattern.compile(".*_(DHE|DH|anon|NULL|EXPORT)_.*");

  /** Kept, or the level that is set on it would go with it. */
  @SuppressWarnings("UnusedVariable")
  private final Logger log;

  private final SSLContext context;
  private final String[] suites;

  private LegacyTls(Logger log, SSLContext context, String[] suites) {
    this.log = log;
    this.context = context;
    this.suites = suites;
  }

  /**
   * Loads it. For the moment that this takes when the classes aren't loaded yet (below a second),
   * the JVM's lists of forbidden algorithms are short ones, and put back afterwards; code that
   * reads them for the first time in that moment would keep the short ones; so the JDK's TLS and
   * certificate paths are made to read theirs before, and it isn't done more than once for nothing.
   */
  // The monitor is the one thing that all web applications of a JVM share.
  @SuppressWarnings("LockOnNonEnclosingClassLiteral")
  static LegacyTls load() {
    // Gateways of other web applications would put back what they found: the short lists.
    synchronized (Security.class) {
      readListsOfTheJdk();
      List<String> before = LISTS.stream().map(Security::getProperty).toList();
      try {
        LISTS.forEach(list -> Security.setProperty(list, STILL_FORBIDDEN));
        return create();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("The TLS of legacy BMCs can't be loaded", e);
      } finally {
        for (int i = 0; i < LISTS.size(); i++) {
          Security.setProperty(LISTS.get(i), before.get(i) == null ? "" : before.get(i));
        }
      }
    }
  }

  private static void readListsOfTheJdk() {
    try {
      SSLContext.getDefault().createSSLEngine().getSupportedProtocols();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("The JVM has no TLS", e);
    }
  }

  private static LegacyTls create() throws GeneralSecurityException {
    // It reports every broken handshake with a stack trace; the gateway logs its own line.
    Logger log = Logger.getLogger("org.bouncycastle.jsse");
    log.setLevel(Level.OFF);
    Provider provider =
        new BouncyCastleJsseProvider(
            /* fipsMode= */ false,
            new JcaTlsCryptoProvider().setProvider(new BouncyCastleProvider()));
    // Bouncy Castle leaves them with the thread that loads it, here one of the container's, which
    // would keep this web application in memory when it has gone.
    CryptoServicesRegistrar.clearThreadProperty(Property.DH_DEFAULT_PARAMS);
    CryptoServicesRegistrar.clearThreadProperty(Property.DSA_DEFAULT_PARAMS);
    SSLContext context = newContext(provider);
    SSLParameters supported = context.getSupportedSSLParameters();
    String[] suites =
        Arrays.stream(supported.getCipherSuites())
            .filter(suite -> !NOT_OFFERED.matcher(suite).matches())
            .toArray(String[]::new);
    if (!List.of(supported.getProtocols()).containsAll(List.of(PROTOCOLS))) {
      throw new IllegalStateException(
          "Bouncy Castle's TLS was loaded before, under the JVM's own list of algorithms");
    }
    return new LegacyTls(log, context, suites);
  }

  private static SSLContext newContext(Provider provider) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS", provider);
    // Without one, Bouncy Castle sets up a generator of its own.
    context.init(new KeyManager[0], SslContextFactory.TRUST_ALL_CERTS, new SecureRandom());
    return TlsRules.rememberingSessions(context);
  }

  /** The same, without the sessions that were agreed on by this one. */
  LegacyTls withoutSessions() {
    try {
      return new LegacyTls(log, newContext(context.getProvider()), suites);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The TLS of legacy BMCs can't be made anew", e);
    }
  }

  /** Which TLS an engine speaks. */
  static TlsProfile profileOf(SSLEngine engine) {
    return engine instanceof BCSSLEngine ? TlsProfile.LEGACY : TlsProfile.MODERN;
  }

  /** An engine for one connection to this address and port. */
  SSLEngine newEngine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setEnabledProtocols(PROTOCOLS.clone());
    engine.setEnabledCipherSuites(suites.clone());
    return engine;
  }

  /** Makes clients that take any certificate; what they offer is up to the caller. */
  SSLContext context() {
    return context;
  }

  /** The suites that it offers. */
  String[] suites() {
    return suites.clone();
  }
}
