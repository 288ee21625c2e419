package io.github.bmcgateway.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.BmcTrust;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.Pin;
import io.github.bmcgateway.config.PinFile;
import io.github.bmcgateway.config.Trust;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.proxy.tls.OldCertificates.Identity;
import io.github.bmcgateway.testing.Eventually;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of TLS spare BMCs handshakes, and nobody a look at a certificate. */
final class ResumedSessionsTest {
  private static final Optional<Failure> REFUSED = Optional.of(Failure.BMC_TLS);
  private static final Optional<Failure> PASSED = Optional.empty();
  private static final Identity SHOWN = OldCertificates.of("RSA-2048", "SHA256");
  private static final Identity OTHER = OldCertificates.of("EC-256", "SHA256");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aFurtherConnectionNeedsNoFullHandshake(String protocol) throws Exception {
    try (OldServer bmc = OldServer.jdk(SHOWN, protocol);
        BmcUnderTest gateway = trusting(pinned(SHOWN))) {
      int once = firstOf(bmc, gateway);
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(PASSED, gateway.get("wss://127.0.0.1:" + bmc.port() + "/"), "a console");
      assertEquals(4, bmc.requests());
      assertEquals(once, bmc.keyUses());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.2"})
  void neitherDoesOneToALegacyBmc(String protocol) throws Exception {
    try (OldServer bmc = OldServer.start(SHOWN, protocol);
        BmcUnderTest gateway = BmcUnderTest.legacy()) {
      int once = firstOf(bmc, gateway);
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(once, bmc.keyUses());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void noSessionOutlivesTheRulesThatItWasAgreedOnUnder(String protocol) throws Exception {
    try (OldServer bmc = OldServer.jdk(SHOWN, protocol);
        BmcUnderTest gateway = trusting(BmcTrust.NONE)) {
      int once = firstOf(bmc, gateway);
      gateway.change(pinned(SHOWN));
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(2 * once, bmc.keyUses());
      gateway.change(pinned(SHOWN));
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(2 * once, bmc.keyUses(), "nothing has changed");
      gateway.change(pinned(OTHER));
      assertEquals(REFUSED, gateway.get(bmc.port()));
      assertEquals(REFUSED, gateway.get(bmc.port()));
      assertEquals(4 * once, bmc.keyUses());
      assertEquals(3, bmc.requests());
    }
  }

  @Test
  void noSessionOfALegacyBmcDoesEither() throws Exception {
    try (OldServer bmc = OldServer.start(SHOWN, "TLSv1.2");
        BmcUnderTest gateway = BmcUnderTest.legacy()) {
      int once = firstOf(bmc, gateway);
      gateway.makeLegacy(pinned(SHOWN));
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(2 * once, bmc.keyUses());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aResumedSessionDoesNotDodgeWhatTheStoreSays(String protocol) throws Exception {
    Path store = folder.resolve("pins");
    try (OldServer bmc = OldServer.jdk(SHOWN, protocol);
        BmcUnderTest gateway = trusting(new BmcTrust(Trust.TOFU, List.of(), Optional.of(store)))) {
      int once = firstOf(bmc, gateway);
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(once, bmc.keyUses());
      write(store, bmc, OTHER);
      Eventually.holds("that is taken up", () -> ask(gateway, bmc).equals(REFUSED));
      int before = bmc.requests();
      assertEquals(REFUSED, gateway.get(bmc.port()));
      assertEquals(before, bmc.requests());
      write(store, bmc, SHOWN);
      assertEquals(PASSED, gateway.get(bmc.port()));
    }
  }

  /** Asks for the first time, on a connection that ends with that; how often that took the key. */
  private static int firstOf(OldServer bmc, BmcUnderTest gateway) throws Exception {
    bmc.hangUp();
    assertEquals(PASSED, gateway.get(bmc.port()));
    assertTrue(bmc.keyUses() > 0);
    return bmc.keyUses();
  }

  private static Optional<Failure> ask(BmcUnderTest gateway, OldServer bmc) {
    try {
      return gateway.get(bmc.port());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static BmcUnderTest trusting(BmcTrust trust) {
    return BmcUnderTest.trusting(trust, (bmc, known, shown) -> {});
  }

  private static BmcTrust pinned(Identity identity) throws Exception {
    Pin pin =
        new Pin(
            InetAddress.getByName("127.0.0.1"),
            Optional.empty(),
            Set.of(Fingerprint.of(identity.certificate())));
    return new BmcTrust(Trust.ANY, List.of(pin), Optional.empty());
  }

  private static void write(Path store, OldServer bmc, Identity identity) throws Exception {
    new PinFile(store)
        .put(
            new Endpoint(InetAddress.getByName("127.0.0.1"), bmc.port()),
            new PinFile.Entry(Fingerprint.of(identity.certificate()), Instant.EPOCH),
            PinFile.Existing.REPLACE);
  }
}
