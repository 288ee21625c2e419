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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another word on how BMCs are recognised, while connections to them are open. */
final class ChangedRulesTest {
  private static final Optional<Failure> REFUSED = Optional.of(Failure.BMC_TLS);
  private static final Optional<Failure> PASSED = Optional.empty();
  private static final Identity SHOWN = OldCertificates.of("RSA-2048", "SHA256");
  private static final Identity OTHER = OldCertificates.of("EC-256", "SHA256");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aConnectionThatIsKeptOpenDoesNotDodgeAChangedPin(String protocol) throws Exception {
    try (OldServer bmc = OldServer.jdk(SHOWN, protocol);
        BmcUnderTest gateway = trusting(pinned(SHOWN))) {
      assertEquals(PASSED, gateway.get(bmc.port()));
      gateway.change(pinned(OTHER));
      assertEquals(REFUSED, gateway.get(bmc.port()));
      assertEquals(REFUSED, gateway.get(bmc.port()));
      assertEquals(1, bmc.requests());
      Eventually.holds("the old connection is closed", () -> bmc.connections() == 0);
      gateway.change(pinned(SHOWN));
      assertEquals(PASSED, gateway.get(bmc.port()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aSessionThatIsResumedDoesNotDodgeAChangedPin(String protocol) throws Exception {
    try (OldServer bmc = OldServer.jdk(SHOWN, protocol);
        BmcUnderTest gateway = trusting(BmcTrust.NONE)) {
      bmc.hangUp();
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(PASSED, gateway.get(bmc.port()));
      gateway.change(pinned(OTHER));
      assertEquals(REFUSED, gateway.get(bmc.port()));
      assertEquals(2, bmc.requests());
    }
  }

  @Test
  void aBmcThatNoChangeIsAboutKeepsItsConnections() throws Exception {
    try (OldServer bmc = OldServer.jdk(SHOWN, "TLSv1.3");
        BmcUnderTest gateway = trusting(pinned(SHOWN))) {
      assertEquals(PASSED, gateway.get(bmc.port()));
      BmcTrust more =
          new BmcTrust(
              Trust.PINNED,
              List.of(pin("127.0.0.1", SHOWN), pin("127.0.0.2", OTHER)),
              Optional.empty());
      gateway.change(more);
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(1, bmc.connections());
      assertEquals(2, bmc.requests());
      assertEquals(1, distinctSessions(bmc));
    }
  }

  @Test
  void anotherStoreIsReadAndWatched() throws Exception {
    Path next = folder.resolve("next");
    try (OldServer bmc = OldServer.jdk(SHOWN, "TLSv1.3");
        BmcUnderTest gateway = trusting(BmcTrust.NONE)) {
      assertEquals(PASSED, gateway.get(bmc.port()));
      gateway.change(remembering(folder.resolve("first")));
      assertEquals(PASSED, gateway.get(bmc.port()));
      write(next, bmc, OTHER);
      gateway.change(remembering(next));
      assertEquals(REFUSED, gateway.get(bmc.port()));
      write(next, bmc, SHOWN);
      assertEquals(PASSED, gateway.get(bmc.port()));
      write(next, bmc, OTHER);
      Eventually.holds("closed by the gateway", () -> bmc.connections() == 0);
      assertEquals(REFUSED, gateway.get(bmc.port()));
    }
  }

  @Test
  void theStoreThatStaysKeepsWhatItSaidWhenItsFileIsBroken() throws Exception {
    Path file = folder.resolve("pins");
    try (OldServer bmc = OldServer.jdk(SHOWN, "TLSv1.3");
        BmcUnderTest gateway = trusting(remembering(file))) {
      assertEquals(PASSED, gateway.get(bmc.port()));
      Files.writeString(file, "rubbish");
      gateway.change(new BmcTrust(Trust.TOFU, List.of(pin("127.0.0.2", OTHER)), Optional.of(file)));
      assertEquals(PASSED, gateway.get(bmc.port()));
    }
  }

  @Test
  void aBmcBecomesALegacyOneAndModernAgainWhileTheJvmStaysStrict() throws Exception {
    String before = Security.getProperty("jdk.tls.disabledAlgorithms");
    try (OldServer old = OldServer.start(OldCertificates.of("RSA-1024", "SHA1"), "TLSv1");
        OldServer bmc = OldServer.jdk(SHOWN, "TLSv1.3");
        BmcUnderTest gateway = trusting(BmcTrust.NONE)) {
      assertEquals(REFUSED, gateway.get(old.port()));
      assertEquals(PASSED, gateway.get(bmc.port()));
      gateway.makeLegacy(BmcTrust.NONE);
      assertEquals(PASSED, gateway.get(old.port()));
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(2, distinctSessions(bmc), "a connection of its own");
      gateway.change(BmcTrust.NONE);
      assertEquals(REFUSED, gateway.get(old.port()));
      assertEquals(PASSED, gateway.get(bmc.port()));
      assertEquals(1, old.requests());
    }
    assertTrue(before.contains("TLSv1.1"), before);
    assertEquals(before, Security.getProperty("jdk.tls.disabledAlgorithms"));
  }

  private static long distinctSessions(OldServer bmc) {
    return bmc.sessions().stream().map(Arrays::toString).distinct().count();
  }

  private static BmcUnderTest trusting(BmcTrust trust) {
    return BmcUnderTest.trusting(trust, (bmc, known, shown) -> {});
  }

  private static BmcTrust remembering(Path store) {
    return new BmcTrust(Trust.TOFU, List.of(), Optional.of(store));
  }

  private static BmcTrust pinned(Identity identity) throws Exception {
    return new BmcTrust(Trust.ANY, List.of(pin("127.0.0.1", identity)), Optional.empty());
  }

  private static Pin pin(String address, Identity identity) throws Exception {
    return new Pin(
        InetAddress.getByName(address),
        Optional.empty(),
        Set.of(Fingerprint.of(identity.certificate())));
  }

  private static void write(Path store, OldServer bmc, Identity identity) throws Exception {
    new PinFile(store)
        .put(
            new Endpoint(InetAddress.getByName("127.0.0.1"), bmc.port()),
            new PinFile.Entry(Fingerprint.of(identity.certificate()), Instant.EPOCH),
            PinFile.Existing.REPLACE);
  }
}
