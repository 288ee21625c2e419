package io.github.bmcgateway.proxy.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Self-signed certificates as BMCs have had them over the years. Keys are made once. */
public final class OldCertificates {
  private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

  /** A certificate with its key. */
  public record Identity(KeyPair keys, X509Certificate certificate) {}

  private OldCertificates() {}

  /**
   * One for the words of a matrix.
   *
   * @param key such as {@code RSA-1024} or {@code EC-256}
   * @param digest such as {@code MD5} or {@code SHA1}
   */
  public static Identity of(String key, String digest) {
    KeyPair keys = keys(key);
    String algorithm = digest + "with" + (key.startsWith("EC") ? "ECDSA" : "RSA");
    Instant start = Instant.now().minus(1, ChronoUnit.DAYS);
    return sign(keys, algorithm, BigInteger.ONE, start, start.plus(3650, ChronoUnit.DAYS));
  }

  public static Identity sign(
      KeyPair keys, String algorithm, BigInteger serial, Instant from, Instant to) {
    X500Name name = new X500Name("CN=old, O=Acme");
    try {
      return new Identity(
          keys,
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          name, serial, Date.from(from), Date.from(to), name, keys.getPublic())
                      .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  public static KeyPair keys(String key) {
    return KEYS.computeIfAbsent(
        key,
        words -> {
          try {
            String[] parts = words.split("-");
            KeyPairGenerator generator = KeyPairGenerator.getInstance(parts[0]);
            generator.initialize(Integer.parseInt(parts[1]));
            return generator.generateKeyPair();
          } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
          }
        });
  }
}
