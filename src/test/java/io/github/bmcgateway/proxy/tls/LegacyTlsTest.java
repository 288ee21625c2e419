package io.github.bmcgateway.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.testing.Eventually;
import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which BMCs can be talked to as they are, and which only as legacy ones. */
final class LegacyTlsTest {
  private static final String TLS = "jdk.tls.disabledAlgorithms";
  private static final String PATHS = "jdk.certpath.disabledAlgorithms";

  private static BmcUnderTest strict;
  private static BmcUnderTest legacy;

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

  static Stream<Arguments> matrix() {
    List<Arguments> rows = new ArrayList<>();
    for (String protocol : List.of("TLSv1", "TLSv1.1", "TLSv1.2")) {
      for (String suite :
          List.of(
              "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
              "TLS_RSA_WITH_AES_128_CBC_SHA",
              "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")) {
        rows.add(Arguments.of(protocol, suite, "RSA-1024", "MD5"));
        rows.add(Arguments.of(protocol, suite, "RSA-1024", "SHA1"));
        rows.add(Arguments.of(protocol, suite, "RSA-2048", "SHA256"));
      }
      for (String digest : List.of("SHA1", "SHA256")) {
        rows.add(Arguments.of(protocol, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "EC-256", digest));
      }
    }
    for (String suite :
        List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")) {
      rows.add(Arguments.of("TLSv1.2", suite, "RSA-1024", "SHA1"));
    }
    rows.add(Arguments.of("TLSv1.3", "TLS_AES_128_GCM_SHA256", "RSA-2048", "SHA256"));
    rows.add(Arguments.of("TLSv1.3", "TLS_AES_256_GCM_SHA384", "EC-384", "SHA256"));
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void legacyReachesAllAndTheRestOnlyWhatTheJvmPermits(
      String protocol, String suite, String key, String digest) throws Exception {
    try (OldServer bmc = OldServer.start(OldCertificates.of(key, digest), protocol, suite)) {
      assertEquals(Optional.empty(), legacy.get(bmc.port()));
      Optional<Failure> expected =
          isPermitted(protocol, suite) ? Optional.empty() : Optional.of(Failure.BMC_TLS);
      assertEquals(expected, strict.get(bmc.port()));
    }
  }

  private static boolean isPermitted(String protocol, String suite) {
    boolean old = protocol.equals("TLSv1") || protocol.equals("TLSv1.1");
    // Since Java 24.
    boolean staticRsa =
        suite.startsWith("TLS_RSA_") && Security.getProperty(TLS).contains("TLS_RSA_*");
    return !old && !suite.contains("3DES") && !staticRsa;
  }

  @Test
  void oneLegacyBmcDoesNotMakeItsNeighbourOne() throws Exception {
    try (OldServer bmc = OldServer.start(OldCertificates.of("RSA-1024", "SHA1"), "TLSv1");
        BmcUnderTest gateway = BmcUnderTest.legacyAt("127.0.0.2")) {
      assertEquals(Optional.of(Failure.BMC_TLS), gateway.get(bmc.port()));
    }
  }

  @Test
  void theRestOfTheJvmStaysStrict() throws Exception {
    String tlsBefore = Security.getProperty(TLS);
    String pathsBefore = Security.getProperty(PATHS);
    LegacyTls.load();
    assertEquals(tlsBefore, Security.getProperty(TLS));
    assertEquals(pathsBefore, Security.getProperty(PATHS));
    assertTrue(tlsBefore.contains("TLSv1.1"), tlsBefore);
    for (String protocol : List.of("TLSv1", "TLSv1.1")) {
      try (OldServer bmc = OldServer.start(OldCertificates.of("RSA-1024", "SHA1"), protocol)) {
        assertThrows(SSLException.class, () -> shakeHandsByTheJdk(bmc.port(), protocol));
      }
    }
  }

  private static void shakeHandsByTheJdk(int port, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] any = SslContextFactory.TRUST_ALL_CERTS;
    context.init(null, any, null);
    shakeHands(context, port, protocol);
  }

  private static void shakeHands(SSLContext context, int port, String protocol) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
    }
  }

  @Test
  void nothingOfItIsLeftToOthers() throws Exception {
    try (OldServer bmc = OldServer.start(OldCertificates.of("RSA-1024", "SHA1"), "TLSv1")) {
      legacy.get(bmc.port());
    }
    assertFalse(
        Arrays.stream(Security.getProviders()).map(Provider::getName).anyMatch(this::isBouncy));
    assertFalse(
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName).anyMatch(this::isBouncy));
  }

  @Test
  void aWebApplicationThatLoadedItCanGo() throws Exception {
    WeakReference<ClassLoader> gone;
    try (OldServer bmc = OldServer.start(OldCertificates.of("RSA-1024", "SHA1"), "TLSv1")) {
      gone = loadShakeHandsAndDrop(bmc.port());
    }
    Eventually.holds(
        "unloaded",
        () -> {
          System.gc();
          return gone.refersTo(null);
        });
  }

  private static WeakReference<ClassLoader> loadShakeHandsAndDrop(int port) throws Exception {
    List<URL> classes = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      classes.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(classes.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(LegacyTls.class.getName());
      Method load = type.getDeclaredMethod("load");
      Method newContext = type.getDeclaredMethod("context");
      load.setAccessible(true);
      newContext.setAccessible(true);
      SSLContext context = (SSLContext) newContext.invoke(load.invoke(null));
      assertNotSame(LegacyTls.load().context().getProvider(), context.getProvider());
      shakeHands(context, port, "TLSv1");
      return new WeakReference<>(loader);
    }
  }

  private boolean isBouncy(String name) {
    return name.startsWith("BC");
  }
}
