package io.github.bmcgateway.jettybase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemKeyPairTest {

  @TempDir Path folder;
  private Path certificate;
  private Path key;

  @BeforeEach
  void nameFiles() {
    certificate = folder.resolve("origin.crt");
    key = folder.resolve("origin.key");
  }

  @Test
  void readsAChainWithItsKey() throws Exception {
    KeyStore issued = TestCertificates.authority("Test CA").issueLocalhost();
    write(TestCertificates.chainPem(issued), TestCertificates.keyPem(issued));

    PemKeyPair pair = PemKeyPair.read(certificate, key);

    assertEquals(2, pair.chain().size());
    assertEquals(TestCertificates.certificate(issued), pair.chain().get(0));
    assertEquals(TestCertificates.privateKey(issued), pair.key());
  }

  @Test
  void passesOverTextAndOtherBlocksAroundThePemItLooksFor() throws Exception {
    KeyStore store = TestCertificates.localhost();
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    String both =
        "made by hand\n"
            + parameters
            + TestCertificates.keyPem(store)
            + TestCertificates.chainPem(store);
    write(both, both);

    assertEquals(1, PemKeyPair.read(certificate, key).chain().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "Ed25519"})
  void readsOtherKindsOfKeys(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp384r1"));
    }
    KeyPair keys = generator.generateKeyPair();
    write(
        selfSigned(keys, algorithm.equals("EC") ? "SHA256withECDSA" : "Ed25519"),
        pem("PRIVATE KEY", keys.getPrivate().getEncoded()));

    assertEquals(keys.getPrivate(), PemKeyPair.read(certificate, key).key());
  }

  @Test
  void refusesAKeyOfAnotherCertificate() throws Exception {
    write(
        TestCertificates.chainPem(TestCertificates.localhost()),
        TestCertificates.keyPem(TestCertificates.localhost()));

    assertRefused("is not that of the first certificate");
  }

  @Test
  void refusesAKeyOfAnotherKind() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    write(
        TestCertificates.chainPem(TestCertificates.localhost()),
        pem("PRIVATE KEY", keys.getPrivate().getEncoded()));

    assertRefused("is not that of the first certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
  void saysHowToConvertOtherFormsOfKeys(String form) throws Exception {
    write(TestCertificates.chainPem(TestCertificates.localhost()), pem(form, new byte[] {1}));

    assertRefused("openssl pkcs8 -topk8 -nocrypt");
  }

  @Test
  void refusesFilesThatHoldSomethingElse() throws Exception {
    KeyStore store = TestCertificates.localhost();
    write(TestCertificates.keyPem(store), TestCertificates.keyPem(store));
    assertRefused("holds no certificate");

    write(TestCertificates.chainPem(store), TestCertificates.chainPem(store));
    assertRefused("holds no private key");

    write(TestCertificates.chainPem(store), pem("PRIVATE KEY", new byte[] {1, 2, 3}));
    assertRefused("holds no key that can be used");
  }

  @Test
  void namesAFileThatIsNotThere() {
    IOException e =
        assertThrows(NoSuchFileException.class, () -> PemKeyPair.read(certificate, key));
    assertTrue(e.getMessage().endsWith("origin.crt"), e.getMessage());
  }

  private void assertRefused(String because) {
    GeneralSecurityException e =
        assertThrows(GeneralSecurityException.class, () -> PemKeyPair.read(certificate, key));
    assertTrue(e.getMessage().contains(because), e.getMessage());
  }

  private void write(String certificatePem, String keyPem) throws IOException {
    Files.writeString(certificate, certificatePem);
    Files.writeString(key, keyPem);
  }

  private static String selfSigned(KeyPair keys, String algorithm) throws Exception {
    X500Name name = new X500Name("CN=localhost");
    byte[] encoded =
        new JcaX509v3CertificateBuilder(
                name,
                java.math.BigInteger.ONE,
                new Date(),
                Date.from(new Date().toInstant().plusSeconds(3600)),
                name,
                keys.getPublic())
            .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
            .getEncoded();
    return pem("CERTIFICATE", encoded);
  }

  private static String pem(String type, byte[] encoded) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
