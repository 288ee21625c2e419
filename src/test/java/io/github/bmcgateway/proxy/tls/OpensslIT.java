package io.github.bmcgateway.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.ops.Failure;
import java.nio.file.Path;
import java.security.Security;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@link LegacyTlsTest}, with OpenSSL at the other end, which is what most BMCs have inside. */
final class OpensslIT {
  private static BmcUnderTest strict;
  private static BmcUnderTest legacy;

  @TempDir Path folder;

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
  @CsvSource({
    "-tls1,AES128-SHA,RSA-1024,MD5,legacy",
    "-tls1,ECDHE-RSA-AES256-SHA,RSA-2048,SHA1,legacy",
    "-tls1,ECDHE-ECDSA-AES128-SHA,EC-256,SHA1,legacy",
    "-tls1_1,AES256-SHA,RSA-1024,SHA1,legacy",
    "-tls1_1,ECDHE-RSA-AES128-SHA,RSA-1024,SHA256,legacy",
    "-tls1_2,AES128-SHA,RSA-1024,SHA1,static",
    "-tls1_2,AES128-GCM-SHA256,RSA-2048,SHA256,static",
    "-tls1_2,ECDHE-RSA-AES128-SHA,RSA-1024,SHA1,strict",
    "-tls1_2,ECDHE-RSA-AES256-GCM-SHA384,RSA-2048,SHA256,strict",
    "-tls1_2,ECDHE-ECDSA-AES128-GCM-SHA256,EC-256,SHA256,strict",
    "-tls1_3,DEFAULT,RSA-2048,SHA256,strict",
    "-tls1_3,DEFAULT,EC-384,SHA256,strict",
  })
  void legacyReachesAllAndTheRestOnlyWhatTheJvmPermits(
      String protocol, String cipher, String key, String digest, String who) throws Exception {
    String options = protocol + " -cipher " + cipher + ":@SECLEVEL=0";
    try (OpensslServer bmc =
        OpensslServer.start(OldCertificates.of(key, digest), folder, options)) {
      assertEquals(Optional.empty(), legacy.get(bmc.port()));
      // Since Java 24 the JVM refuses RSA key exchange.
      boolean permitted =
          who.equals("strict")
              || who.equals("static")
                  && !Security.getProperty("jdk.tls.disabledAlgorithms").contains("TLS_RSA_*");
      assertEquals(
          permitted ? Optional.empty() : Optional.of(Failure.BMC_TLS), strict.get(bmc.port()));
    }
  }
}
