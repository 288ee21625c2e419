package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.entry.RequestTarget.Ambiguous;
import io.github.bmcgateway.entry.RequestTarget.ForBmc;
import io.github.bmcgateway.entry.RequestTarget.Own;
import io.github.bmcgateway.testing.Promptly;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedPathsTest {
  private final ReservedPaths paths = new ReservedPaths("/gpsession");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/gpsession",
        "/.gateway/",
        "/.gateway/health",
        "/.gateway/session",
        "/.gateway/no/such/page"
      })
  void whatIsLiterallyReservedIsTheGateways(String path) {
    assertEquals(new Own(path), paths.classify(path, "x=1"));
    assertTrue(paths.isReserved(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/index.html",
        "/gpsession/",
        "/gpsession/x",
        "/gpsessions",
        "/x/gpsession",
        "/GPSESSION",
        "/.gateway",
        "/.gatewayx/",
        "/x/.gateway/",
        "/.gateways/health",
        "/gpsession/..",
        "/a/../b",
        "//kvm",
        "/a//b/./c",
        "/a%2Fb%2e%2e",
        "/a%25b",
        "/100%",
        "/%zz",
        "/a;jsessionid=1/b",
        "/a(1)/@b,c%2Cd/+e",
        "/[x]|{y}^`",
        "/a\\b",
        "/websocket/10.0.0.5/443//kvm",
        "/download/gpsession%20notes.txt",
        "/docs/../x/gpsession"
      })
  void everythingElseIsTheBmcsByteForByte(String path) {
    assertEquals(new ForBmc(path), paths.classify(path, null));
    assertEquals(new ForBmc(path + "?"), paths.classify(path, ""));
    assertEquals(
        new ForBmc(path + "?a=%2F&b=/../gpsession"), paths.classify(path, "a=%2F&b=/../gpsession"));
    assertFalse(paths.isReserved(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//gpsession",
        "///gpsession",
        "/./gpsession",
        "/a/../gpsession",
        "/a/b/../../gpsession",
        "/../gpsession",
        "/a//../gpsession",
        "/a//../../gpsession",
        "/gpsession;x=1",
        "/;x/gpsession",
        "/..;/gpsession",
        "/a/..;x=y/gpsession",
        "/gpsession%3Bx",
        "/gpsession%3b",
        "/%67psession",
        "/%2567psession",
        "/%252567psession",
        "/gpsessio%6E",
        "/%2fgpsession",
        "/a/%2e%2e/gpsession",
        "/a/.%2E/gpsession",
        "/a%2f..%2fgpsession",
        "/a%5c..%5cgpsession",
        "/a\\..\\gpsession",
        "\\gpsession",
        "/\\gpsession",
        "/a\\b/../gpsession",
        "/x;%2f..%2fgpsession",
        "/gpsession/x/..%2f..%2fgpsession",
        "//.gateway/",
        "/./.gateway/health",
        "/%2e/.gateway/",
        "/%2egateway/health",
        "/%2egateway//../health",
        "/.gateway%2fhealth",
        "/.gateway%2F",
        "/.gateway;x/health",
        "/.gateway\\health",
        "/a/../.gateway/logout",
        "/.gateway/../x",
        "/.gateway/..",
        "/.gateway/.",
        "/.gateway//session",
        "/.gateway/./session",
        "/.gateway/%73ession",
        "/.gateway/session;x",
        "/.gateway/session/%2e%2e/logout",
        "/.gateway/..%2fx",
        "/.gateway/..\\x"
      })
  void whatTwoReadersCouldGiveToDifferentOwnersIsNobodys(String path) {
    assertEquals(new Ambiguous(), paths.classify(path, null));
    assertTrue(paths.isReserved(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "host:443",
        "gpsession",
        "http://pm.example.com/",
        "https://pm.example.com/gpsession",
        "/a b",
        "/a\tb",
        "/a\u0000b",
        "/b\u00fccher",
        "/a\r\nb"
      })
  void whatIsNoPathIsRefused(String path) {
    assertEquals(new Ambiguous(), paths.classify(path, null));
  }

  @Test
  void noTargetAtAllIsRefused() {
    assertEquals(new Ambiguous(), paths.classify(null, null));
    assertEquals(new Ambiguous(), paths.classify(null, "token=x"));
    assertEquals(new Ambiguous(), paths.classify("/a", "x=\u0001"));
  }

  @Test
  void encodingsInsideEncodingsAreFollowedButNotForever() {
    assertEquals(new Ambiguous(), paths.classify("/%" + "25".repeat(6) + "67psession", null));
    assertEquals(new Ambiguous(), paths.classify("/%" + "25".repeat(20) + "41", null));
    assertEquals(ForBmc.class, paths.classify("/%252525", null).getClass());
  }

  @Test
  void theLongestHostilePathCostsLittle() throws Exception {
    String path = "/" + ("..;\\%25" + "a/%2e./").repeat(2200) + "gpsessionx";
    Duration took =
        Promptly.processorTime(
            () -> {
              for (int i = 0; i < 10; i++) {
                paths.classify(path, null);
              }
            });
    assertTrue(took.toMillis() < 2_000, took::toString);
  }

  @Test
  void theLinkMayStandElsewhere() {
    ReservedPaths moved = new ReservedPaths("/portal/open");
    assertEquals(new Own("/portal/open"), moved.classify("/portal/open", null));
    assertEquals(new Ambiguous(), moved.classify("/portal//open", null));
    assertEquals(new Ambiguous(), moved.classify("/portal/x/../ope%6e", null));
    assertEquals(new ForBmc("/gpsession"), moved.classify("/gpsession", null));
    assertEquals(new ForBmc("/open"), moved.classify("/open", null));
  }
}
