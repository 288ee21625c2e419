package io.github.bmcgateway.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.eclipse.jetty.util.IO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a BMC is believed by the certificate that it shows. */
final class CertificateCheckTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
  private static final Identity RIGHT = OldCertificates.of("RSA-2048", "SHA256");
  private static final Identity WRONG = OldCertificates.of("EC-256", "SHA256");

  private static final int MANY = 60;

  @TempDir Path folder;

  private record Alarm(Endpoint bmc, Set<Fingerprint> known, Fingerprint shown) {}

  private final List<Alarm> alarms = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aBmcWithItsPinnedCertificateIsReached(String protocol) throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, protocol);
        BmcUnderTest gateway = trusting(Trust.PINNED, pin(RIGHT, Optional.empty()))) {
      assertEquals(Optional.empty(), gateway.get(bmc.port()));
      assertEquals(List.of(), alarms);
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2,ANY", "TLSv1.3,ANY", "TLSv1.2,TOFU", "TLSv1.3,PINNED"})
  void aBmcWithAnotherThanItsPinnedCertificateHearsNothing(String protocol, Trust trust)
      throws Exception {
    try (OldServer bmc = OldServer.jdk(WRONG, protocol);
        BmcUnderTest gateway = trusting(trust, pin(RIGHT, Optional.empty()))) {
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      assertEquals(0, bmc.requests());
      assertEquals(
          List.of(new Alarm(at(bmc), Set.of(fingerprint(RIGHT)), fingerprint(WRONG))), alarms);
    }
  }

  /** Threads that read and write take turns differently each time. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void ofManyRequestsAtOnceNoneGetsThrough(String protocol) throws Exception {
    try (OldServer bmc = OldServer.jdk(WRONG, protocol);
        BmcUnderTest gateway = trusting(Trust.ANY, pin(RIGHT, Optional.empty()))) {
      List<Optional<Failure>> results =
          IntStream.range(0, MANY).parallel().mapToObj(i -> result(gateway, bmc)).toList();
      assertEquals(Collections.nCopies(MANY, Optional.of(Failure.BMC_TLS)), results);
      assertEquals(0, bmc.requests());
    }
  }

  @Test
  void legacyBmcsAreCheckedTheSameWay() throws Exception {
    Identity old = OldCertificates.of("RSA-1024", "MD5");
    BmcTrust trust =
        new BmcTrust(Trust.PINNED, List.of(pin(old, Optional.empty())), Optional.empty());
    try (OldServer right = OldServer.start(old, "TLSv1");
        OldServer wrong = OldServer.start(OldCertificates.of("RSA-1024", "SHA1"), "TLSv1");
        BmcUnderTest gateway = BmcUnderTest.legacy(trust)) {
      assertEquals(Optional.empty(), gateway.get(right.port()));
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(wrong.port()));
      assertEquals(0, wrong.requests());
    }
  }

  @Test
  void withoutAPinABmcIsRefusedWherePinsAreDemanded() throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, "TLSv1.3");
        BmcUnderTest gateway = trusting(Trust.PINNED)) {
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      assertEquals(List.of(new Alarm(at(bmc), Set.of(), fingerprint(RIGHT))), alarms);
    }
  }

  @Test
  void aPinOfOnePortComesBeforeThatOfTheWholeAddress() throws Exception {
    try (OldServer pages = OldServer.jdk(RIGHT, "TLSv1.3");
        OldServer console = OldServer.jdk(WRONG, "TLSv1.3");
        BmcUnderTest gateway =
            trusting(
                Trust.ANY, pin(RIGHT, Optional.empty()), pin(WRONG, Optional.of(console.port())))) {
      assertEquals(Optional.empty(), gateway.get(pages.port()));
      assertEquals(Optional.empty(), gateway.get("wss://127.0.0.1:" + console.port()));
      assertEquals(List.of(), alarms);
    }
  }

  @Test
  void theCertificateOfTheFirstUseIsRememberedOverARestart() throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, "TLSv1.3")) {
      try (BmcUnderTest gateway = trusting(Trust.TOFU)) {
        assertEquals(Optional.empty(), gateway.get(bmc.port()));
      }
      assertEquals(fingerprint(RIGHT), file().read().get(at(bmc)).fingerprint());
      file().put(at(bmc), new PinFile.Entry(fingerprint(WRONG), LONG_AGO), REPLACE);
      try (BmcUnderTest gateway = trusting(Trust.TOFU)) {
        assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
        assertEquals(
            List.of(new Alarm(at(bmc), Set.of(fingerprint(WRONG)), fingerprint(RIGHT))), alarms);
      }
      assertEquals(fingerprint(WRONG), file().read().get(at(bmc)).fingerprint());
    }
  }

  @Test
  void whatWasAcceptedHoldsAtOnce() throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, "TLSv1.3")) {
      file().put(at(bmc), new PinFile.Entry(fingerprint(WRONG), LONG_AGO), REPLACE);
      try (BmcUnderTest gateway = trusting(Trust.TOFU)) {
        assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
        file().put(at(bmc), new PinFile.Entry(fingerprint(RIGHT), LONG_AGO), REPLACE);
        assertEquals(Optional.empty(), gateway.get(bmc.port()));
      }
    }
  }

  @Test
  void anOpenConnectionEndsWhenItsCertificateNoLongerHolds() throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, "TLSv1.3");
        BmcUnderTest gateway = trusting(Trust.TOFU)) {
      assertEquals(Optional.empty(), gateway.get(bmc.port()));
      assertEquals(1, bmc.connections());
      file().put(at(bmc), new PinFile.Entry(fingerprint(WRONG), LONG_AGO), REPLACE);
      Eventually.holds("closed by the gateway", () -> bmc.connections() == 0);
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      assertEquals(1, bmc.requests());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aResumedSessionIsCheckedAsWell(String protocol) throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, protocol);
        BmcUnderTest gateway = trusting(Trust.TOFU)) {
      bmc.hangUp();
      assertEquals(Optional.empty(), gateway.get(bmc.port()));
      assertEquals(Optional.empty(), gateway.get(bmc.port()));
      if (protocol.equals("TLSv1.2")) {
        assertArrayEquals(bmc.sessions().get(0), bmc.sessions().get(1), "resumed");
      }
      file().put(at(bmc), new PinFile.Entry(fingerprint(WRONG), LONG_AGO), REPLACE);
      Eventually.holds("refused", () -> result(gateway, bmc).equals(Optional.of(Failure.BMC_TLS)));
      int before = bmc.requests();
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      assertEquals(before, bmc.requests());
    }
  }

  @Test
  void aCertificateThatCannotBeWrittenDownIsNotBelieved() throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, "TLSv1.3");
        BmcUnderTest gateway = trusting(Trust.TOFU)) {
      IO.delete(folder);
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      assertEquals(0, bmc.requests());
    }
  }

  @Test
  void aStoreThatIsBrokenWhileItRunsKeepsWhatItSaid() throws Exception {
    try (OldServer bmc = OldServer.jdk(RIGHT, "TLSv1.3");
        BmcUnderTest gateway = trusting(Trust.TOFU)) {
      file().put(at(bmc), new PinFile.Entry(fingerprint(WRONG), LONG_AGO), REPLACE);
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      Files.writeString(folder.resolve("pins"), "rubbish");
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
      assertEquals("rubbish", Files.readString(folder.resolve("pins")));
    }
  }

  @Test
  void aPinIsBoundToItsPort() throws Exception {
    try (OldServer one = OldServer.jdk(RIGHT, "TLSv1.3");
        OldServer other = OldServer.jdk(WRONG, "TLSv1.3");
        BmcUnderTest gateway = trusting(Trust.TOFU)) {
      assertEquals(Optional.empty(), gateway.get(one.port()));
      assertEquals(Optional.empty(), gateway.get(other.port()));
      assertTrue(file().read().keySet().containsAll(Set.of(at(one), at(other))));
    }
  }

  private static final PinFile.Existing REPLACE = PinFile.Existing.REPLACE;

  private static Optional<Failure> result(BmcUnderTest gateway, OldServer bmc) {
    try {
      return gateway.get(bmc.port());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private BmcUnderTest trusting(Trust trust, Pin... pins) {
    Optional<Path> store =
        trust == Trust.TOFU ? Optional.of(folder.resolve("pins")) : Optional.empty();
    return BmcUnderTest.trusting(
        new BmcTrust(trust, List.of(pins), store),
        (bmc, known, shown) -> alarms.add(new Alarm(bmc, known, shown)));
  }

  private PinFile file() {
    return new PinFile(folder.resolve("pins"));
  }

  private static Pin pin(Identity identity, Optional<Integer> port) throws Exception {
    return new Pin(InetAddress.getByName("127.0.0.1"), port, Set.of(fingerprint(identity)));
  }

  private static Endpoint at(OldServer bmc) throws Exception {
    return new Endpoint(InetAddress.getByName("127.0.0.1"), bmc.port());
  }

  private static Fingerprint fingerprint(Identity identity) throws Exception {
    return Fingerprint.of(identity.certificate());
  }
}
