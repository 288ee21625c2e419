package io.github.bmcgateway.jettybase;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.PBEParameterSpec;

/**
 * A server's certificate chain and the private key that belongs to it, as two PEM files hold them.
 *
 * @param chain the certificates, the server's own first
 * @param key the private key of the first certificate
 */
record PemKeyPair(List<X509Certificate> chain, PrivateKey key) {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /**
   * How a key store wants its key protected. This one never leaves the memory, so the many rounds
   * that a guess at a password should cost would only be paid at each start.
   */
  private static final String PROTECTION = "PBEWithHmacSHA256AndAES_128";

  private static final int SALT_BYTES = 16;
  private static final byte[] PROBE = "a key and its certificate".getBytes(StandardCharsets.UTF_8);

  /**
   * Reads and checks a pair: PEM certificates, a PKCS #8 key (RSA, EC, Ed25519 or Ed448), and the
   * key is that of the first certificate.
   *
   * @throws IOException if a file can't be read
   * @throws GeneralSecurityException if a file doesn't hold what it should, or the two don't belong
   *     together; the message names the file and what is accepted
   */
  static PemKeyPair read(Path certificateFile, Path keyFile)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> chain = readChain(certificateFile);
    PrivateKey key = readKey(keyFile);
    if (!belongTogether(chain.get(0), key)) {
      throw new GeneralSecurityException(
          "the key in %s is not that of the first certificate in %s"
              .formatted(keyFile, certificateFile));
    }
    return new PemKeyPair(chain, key);
  }

  /** A key store in memory that holds this pair and nothing else, its key under the password. */
  KeyStore toKeyStore(String password) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setEntry(
        "server",
        new KeyStore.PrivateKeyEntry(key, chain.toArray(X509Certificate[]::new)),
        new KeyStore.PasswordProtection(
            password.toCharArray(), PROTECTION, new PBEParameterSpec(new byte[SALT_BYTES], 1)));
    return store;
  }

  private static List<X509Certificate> readChain(Path file)
      throws IOException, GeneralSecurityException {
    StringBuilder certificates = new StringBuilder();
    Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    while (block.find()) {
      if (block.group(1).equals("CERTIFICATE")) {
        certificates.append(block.group()).append('\n');
      }
    }
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException(
          file + " holds no certificate: PEM (-----BEGIN CERTIFICATE-----) is accepted");
    }
    byte[] pem = certificates.toString().getBytes(StandardCharsets.ISO_8859_1);
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  private static PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
    Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    while (block.find()) {
      if (block.group(1).equals("PRIVATE KEY")) {
        return decodeKey(file, block.group(2));
      }
      if (block.group(1).endsWith("PRIVATE KEY")) {
        throw new GeneralSecurityException(
            ("%s holds a key of the form '%s': PKCS #8 without a password is accepted; convert it"
                    + " with: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW")
                .formatted(file, block.group(1)));
      }
    }
    throw new GeneralSecurityException(
        file + " holds no private key: PEM (-----BEGIN PRIVATE KEY-----) is accepted");
  }

  private static PrivateKey decodeKey(Path file, String base64) throws GeneralSecurityException {
    PKCS8EncodedKeySpec encoded;
    try {
      encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(file + " holds a private key that isn't base64", e);
    }
    for (String algorithm : KEY_ALGORITHMS) {
      Optional<PrivateKey> key = decodeAs(algorithm, encoded);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw new GeneralSecurityException(
        file + " holds no key that can be used: RSA, EC, Ed25519 and Ed448 are accepted");
  }

  private static Optional<PrivateKey> decodeAs(String algorithm, PKCS8EncodedKeySpec encoded)
      throws NoSuchAlgorithmException {
    try {
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  private static boolean belongTogether(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    Signature signature = Signature.getInstance(signatureAlgorithm(key));
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(PROBE);
    return verifies(signature, signed);
  }

  private static boolean verifies(Signature signature, byte[] signed) {
    try {
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // RSA of another length or a point of another curve is reported this way.
      return false;
    }
  }

  private static String signatureAlgorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }
}
