package io.github.bmcgateway.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates for tests, in memory: RSA 2048 with SHA-256, valid from a day ago for 90 days.
 *
 * <p>A subject alternative name may be a host name, a wildcard name ({@code *.pm.example.com}) or
 * an address literal. Every returned key store is a PKCS #12 with one key entry under {@link
 * #ALIAS}, both store and key under {@link #PASSWORD}. Thread-safe.
 */
public final class TestCertificates {

  /** Password of every store made here and of the keys in it. */
  public static final String PASSWORD = "changeit";

  /** Alias of the one entry of every store made here. */
  public static final String ALIAS = "server";

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private TestCertificates() {}

  /** A key with a self-signed certificate for {@code CN=cn}, as a BMC makes it at first start. */
  public static KeyStore selfSigned(String cn, String... sans) {
    KeyPair keys = newKeys();
    X500Name name = name(cn);
    X509Certificate certificate =
        sign(name, keys.getPrivate(), name, keys, /* authority= */ false, sans);
    return store(keys.getPrivate(), certificate);
  }

  /**
   * A key with a certificate that an authority signed which nobody knows and which isn't sent
   * along, as some vendors ship their units.
   *
   * @param issuer distinguished name, RFC 4514
   * @param subject distinguished name, RFC 4514
   */
  public static KeyStore issuedBy(String issuer, String subject, String... sans) {
    KeyPair keys = newKeys();
    X509Certificate certificate =
        sign(
            new X500Name(issuer),
            newKeys().getPrivate(),
            new X500Name(subject),
            keys,
            /* authority= */ false,
            sans);
    return store(keys.getPrivate(), certificate);
  }

  /** A certificate for a server on this machine: localhost, 127.0.0.1, ::1 and the given names. */
  public static KeyStore localhost(String... furtherSans) {
    return selfSigned("localhost", localhostNames(furtherSans));
  }

  /** A new certificate authority. */
  public static Authority authority(String cn) {
    KeyPair keys = newKeys();
    X500Name name = name(cn);
    X509Certificate certificate =
        sign(name, keys.getPrivate(), name, keys, /* authority= */ true, new String[0]);
    return new Authority(certificate, keys.getPrivate());
  }

  /** The server certificate (the leaf) of a store made here. */
  public static X509Certificate certificate(KeyStore store) {
    try {
      return (X509Certificate) store.getCertificate(ALIAS);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The private key of a store made here. */
  public static PrivateKey privateKey(KeyStore store) {
    try {
      return (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** SHA-256 over the encoded leaf certificate, 64 lower-case hex digits: what a pin is made of. */
  public static String sha256(KeyStore store) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(certificate(store).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The chain of a store as PEM, leaf first. */
  public static String chainPem(KeyStore store) {
    try {
      StringBuilder pem = new StringBuilder();
      for (Certificate certificate : store.getCertificateChain(ALIAS)) {
        pem.append(pem("CERTIFICATE", certificate.getEncoded()));
      }
      return pem.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The private key of a store as PKCS #8 PEM. */
  public static String keyPem(KeyStore store) {
    return pem("PRIVATE KEY", privateKey(store).getEncoded());
  }

  /** A TLS context for clients that takes every certificate under every name. */
  public static SSLContext trustEverything() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverything()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Extended, so that the JDK adds no name check of its own. */
  private static final class TrustEverything extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** A certificate authority that lives as long as the object. Thread-safe. */
  public static final class Authority {

    private final X509Certificate certificate;
    private final PrivateKey key;

    private Authority(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
      return certificate;
    }

    /** The authority's own certificate as PEM. */
    public String certificatePem() {
      try {
        return pem("CERTIFICATE", certificate.getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** A store that holds only this authority, as trusted. */
    public KeyStore trustStore() {
      try {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", certificate);
        return store;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** A key with a certificate for {@code CN=cn} that this authority signed. */
    public KeyStore issue(String cn, String... sans) {
      KeyPair keys = newKeys();
      X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      X509Certificate leaf = sign(issuer, key, name(cn), keys, /* authority= */ false, sans);
      return store(keys.getPrivate(), leaf, certificate);
    }

    /** As {@link #issue} for localhost, 127.0.0.1, ::1 and the given names. */
    public KeyStore issueLocalhost(String... furtherSans) {
      return issue("localhost", localhostNames(furtherSans));
    }
  }

  private static String[] localhostNames(String... further) {
    String[] names =
        Arrays.copyOf(new String[] {"localhost", "127.0.0.1", "::1"}, 3 + further.length);
    System.arraycopy(further, 0, names, 3, further.length);
    return names;
  }

  private static X500Name name(String cn) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, cn).build();
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(
      X500Name issuer,
      PrivateKey issuerKey,
      X500Name subject,
      KeyPair keys,
      boolean authority,
      String[] sans) {
    Instant start = Instant.now().minus(Duration.ofDays(1));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
            Date.from(start),
            Date.from(start.plus(Duration.ofDays(90))),
            subject,
            keys.getPublic());
    try {
      addExtensions(builder, authority, sans);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(issuerKey)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addExtensions(
      X509v3CertificateBuilder builder, boolean authority, String[] sans) throws IOException {
    builder.addExtension(
        Extension.basicConstraints, /* isCritical= */ true, new BasicConstraints(authority));
    int usage =
        authority
            ? KeyUsage.keyCertSign | KeyUsage.cRLSign
            : KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
    builder.addExtension(Extension.keyUsage, /* isCritical= */ true, new KeyUsage(usage));
    if (!authority) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          /* isCritical= */ false,
          new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    }
    if (sans.length > 0) {
      GeneralName[] names =
          Arrays.stream(sans).map(TestCertificates::generalName).toArray(GeneralName[]::new);
      builder.addExtension(
          Extension.subjectAlternativeName, /* isCritical= */ false, new GeneralNames(names));
    }
  }

  private static GeneralName generalName(String san) {
    boolean address = ADDRESS.matcher(san).matches();
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, san);
  }

  private static KeyStore emptyStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore store(PrivateKey key, Certificate... chain) {
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry(ALIAS, key, PASSWORD.toCharArray(), chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] encoded) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
