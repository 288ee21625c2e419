package io.github.bmcgateway.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.proxy.tls.OldCertificates.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates as firmware of all ages has made them, none for the address that is dialled. */
final class OddCertificatesTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2046-01-01T00:00:00Z");
  private static final Optional<Failure> REACHED = Optional.empty();
  private static final Optional<Failure> REFUSED = Optional.of(Failure.BMC_TLS);

  private static BmcUnderTest strict;
  private static BmcUnderTest legacy;

  enum Odd {
    EXPIRED(REACHED, REACHED),
    NOT_YET_VALID(REACHED, REACHED),
    NEGATIVE_SERIAL(REACHED, REACHED),
    SERIAL_ZERO(REACHED, REACHED),
    SIGNED_WITH_MD5(REACHED, REACHED),
    WRONG_SIGNATURE(REACHED, REACHED),
    /** The JDK reads dates at once, Bouncy Castle when somebody asks for them. */
    NO_SUCH_DATE(REFUSED, REACHED),
    TRUNCATED(REFUSED, REFUSED),
    RUBBISH(REFUSED, REFUSED);

    private final Optional<Failure> byTheJdk;
    private final Optional<Failure> asLegacy;

    Odd(Optional<Failure> byTheJdk, Optional<Failure> asLegacy) {
      this.byTheJdk = byTheJdk;
      this.asLegacy = asLegacy;
    }
  }

  @BeforeAll
  static void start() {
    strict = BmcUnderTest.strict();
    legacy = BmcUnderTest.legacy();
  }

  @AfterAll
  static void stop() {
    strict.close();
    legacy.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatCanBeReadIsTakenAndTheRestIsAFailureOfTls(Odd odd) throws Exception {
    try (OldServer bmc = OldServer.jdk(identity(odd), "TLSv1.2")) {
      assertEquals(odd.byTheJdk, strict.get(bmc.port()));
      assertEquals(odd.asLegacy, legacy.get(bmc.port()));
      assertEquals(
          odd.asLegacy.isPresent(), probed(bmc).isEmpty(), "the probe sees what legacy does");
    }
  }

  private static Optional<X509Certificate> probed(OldServer bmc) {
    try {
      InetAddress ip = InetAddress.getByName("127.0.0.1");
      return Optional.of(
          new TlsProbe(Duration.ofSeconds(5)).certificate(new Endpoint(ip, bmc.port())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Identity identity(Odd odd) throws CertificateEncodingException {
    KeyPair keys = OldCertificates.keys("RSA-2048");
    Identity usual = OldCertificates.sign(keys, "SHA256withRSA", BigInteger.ONE, START, END);
    byte[] bytes = usual.certificate().getEncoded();
    return switch (odd) {
      case EXPIRED ->
          OldCertificates.sign(keys, "SHA256withRSA", BigInteger.ONE, START, START.plusSeconds(1));
      case NOT_YET_VALID ->
          OldCertificates.sign(keys, "SHA256withRSA", BigInteger.ONE, END, END.plusSeconds(1));
      case NEGATIVE_SERIAL ->
          OldCertificates.sign(keys, "SHA256withRSA", BigInteger.TEN.negate(), START, END);
      case SERIAL_ZERO -> OldCertificates.sign(keys, "SHA256withRSA", BigInteger.ZERO, START, END);
      case SIGNED_WITH_MD5 -> OldCertificates.sign(keys, "MD5withRSA", BigInteger.ONE, START, END);
      case WRONG_SIGNATURE -> {
        bytes[bytes.length - 1] ^= 1;
        yield raw(usual, bytes);
      }
      case NO_SUCH_DATE -> raw(usual, replace(bytes, "460101000000Z", "461399000000Z"));
      case TRUNCATED -> raw(usual, Arrays.copyOf(bytes, bytes.length / 2));
      case RUBBISH -> raw(usual, "no certificate".getBytes(StandardCharsets.US_ASCII));
    };
  }

  private static Identity raw(Identity usual, byte[] bytes) {
    return new Identity(usual.keys(), new RawCertificate(usual.certificate(), bytes));
  }

  private static byte[] replace(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(from));
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }
}
