package io.github.bmcgateway.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TestCertificatesTest {

  @Test
  void aSelfSignedCertificateVerifiesWithItsOwnKeyAndNamesTheUnit() throws Exception {
    X509Certificate certificate =
        TestCertificates.certificate(TestCertificates.selfSigned("idrac-ABC1234"));

    certificate.verify(certificate.getPublicKey());
    assertEquals("CN=idrac-ABC1234", certificate.getSubjectX500Principal().getName());
    assertEquals("SHA256withRSA", certificate.getSigAlgName());
  }

  @Test
  void theLocalhostCertificateNamesLoopbackInBothFamiliesAndTheGivenWildcard() throws Exception {
    Collection<List<?>> names =
        TestCertificates.certificate(TestCertificates.localhost("*.pm.example.com"))
            .getSubjectAlternativeNames();

    assertEquals(
        Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "*.pm.example.com"),
        names.stream().map(name -> (String) name.get(1)).collect(Collectors.toSet()));
  }

  @Test
  void anIssuedCertificateIsSignedByItsAuthorityAndCarriesTheChain() throws Exception {
    TestCertificates.Authority authority = TestCertificates.authority("Test CA");
    KeyStore store = authority.issueLocalhost();

    TestCertificates.certificate(store).verify(authority.certificate().getPublicKey());
    assertEquals(2, store.getCertificateChain(TestCertificates.ALIAS).length);
    assertTrue(TestCertificates.chainPem(store).endsWith(authority.certificatePem()));
    assertTrue(TestCertificates.keyPem(store).startsWith("-----BEGIN PRIVATE KEY-----\n"));
  }
}
