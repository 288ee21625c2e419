package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeRuleTest {
  @ParameterizedTest
  @CsvSource({
    "GET /a, GET, /a, true",
    "GET /a, HEAD, /a, false",
    "GET /a, get, /a, false",
    "'GET,HEAD /a', HEAD, /a, true",
    "GET /a, GET, /a/, false",
    "GET /a, GET, /a/b, false",
    "GET /a, GET, /A, false",
    "GET /a, GET, /%61, true",
    "GET /%61, GET, /a, true",
    "GET /%C3%A4, GET, /%c3%a4, true",
    "GET /a/, GET, /a/, true",
    "GET /a/, GET, /a, false",
    "GET /, GET, /, true",
    "GET /, GET, /a, false",
    "GET /*, GET, /a, true",
    "GET /*, GET, /, false",
    "GET /*, GET, /a/, false",
    "GET /*/, GET, /a/, true",
    "GET /*/b, GET, /a/b, true",
    "GET /*/b, GET, /b, false",
    "GET /%2a, GET, /a, false",
    "GET /%2a, GET, /*, true",
    "GET /a/**, GET, /a, false",
    "GET /a/**, GET, /a/, true",
    "GET /a/**, GET, /a/b/c/, true",
    "GET /a/**, GET, /ab/c, false",
    "GET /a/*/**, GET, /a/b, false",
    "GET /a/*/**, GET, /a/b/, true",
    "GET /**, GET, /, true",
    "GET /**, GET, /a/b, true",
    "!GET /admin/**, GET, /ADMIN/x, true",
    "!GET /admin, GET, /%41dmin, true",
    "SOCKET /kvm, GET, /kvm, false",
    "SOCKET /kvm, SOCKET, /kvm, false",
  })
  void aRuleMatchesWhatItSays(String rule, String method, String path, boolean matches) {
    ScopedAction action = ScopedAction.request(method, path).orElseThrow();
    assertEquals(matches, ScopeRule.of(rule).matches(action));
  }

  @Test
  void anUpgradeIsNoRequest() {
    ScopedAction upgrade = ScopedAction.upgrade("/kvm").orElseThrow();
    assertTrue(ScopeRule.of("SOCKET /kvm").matches(upgrade));
    assertTrue(ScopeRule.of("GET,SOCKET /*").matches(upgrade));
    assertFalse(ScopeRule.of("GET /kvm").matches(upgrade));
    assertTrue(ScopeRule.of("!SOCKET /**").denies());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET",
        "/a",
        "GET a",
        "GET  /a",
        " GET /a",
        "GET /a ",
        "get /a",
        "GTE /a",
        "* /a",
        "CONNECT /a",
        "GET, HEAD /a",
        "GET,,HEAD /a",
        ",GET /a",
        "! GET /a",
        "!!GET /a",
        "!read",
        "GET /*.js",
        "GET /a*/b",
        "GET /a/**/b",
        "GET /***",
        "GET //a",
        "GET /a//**",
        "GET /a/../b",
        "GET /./a",
        "GET /a;b",
        "GET /a\\b",
        "GET /a?b",
        "GET /a#b",
        "GET /%2e",
        "GET /%2F",
        "GET /%25",
        "GET /%5c",
        "GET /%ff",
        "GET /%c0%af",
        "GET /%",
        "GET /%6",
        "GET /ä",
        "GET /a\tb",
      })
  void whatIsNoRuleIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ScopeRule.of(text));
  }

  @Test
  void aLongRuleIsRefused() {
    ScopeRule.of("GET /" + "a".repeat(507));
    assertThrows(IllegalArgumentException.class, () -> ScopeRule.of("GET /" + "a".repeat(508)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "//",
        "/a//b",
        "//a",
        "/a//",
        "/.",
        "/..",
        "/a/./b",
        "/a/../b",
        "/a/..",
        "/a;x/b",
        "/a\\b",
        "/a%2eb",
        "/%2E%2e/b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a%5Cb",
        "/a%252e",
        "/a%3bb",
        "/a%3fb",
        "/a%23b",
        "/a%00b",
        "/a%0ab",
        "/a%7f",
        "/%c2%85",
        "/%ff",
        "/%c0%ae",
        "/%ed%a0%80",
        "/a%",
        "/a%4",
        "/a%zz",
        "/a%+1",
      })
  void aPathThatServersReadDifferentlyIsNotCompared(String path) {
    assertTrue(ScopedAction.request("GET", path).isEmpty());
    assertTrue(ScopedAction.upgrade(path).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/a/", "/...", "/.a", "/a|[b]", "/a,b+c@(1)=&", "/%20", "/%e2%82%ac"})
  void anyOtherPathIs(String path) {
    assertTrue(ScopedAction.request("GET", path).isPresent());
  }

  @Test
  void theNamesOfBuiltInProfilesOnlyPermit() throws Exception {
    VendorProfiles profiles =
        VendorProfiles.builtIn().with(java.nio.file.Path.of("webapp-config/vendors"));
    for (VendorProfile profile : profiles.all()) {
      profile
          .scopes()
          .forEach(
              (name, rules) ->
                  assertTrue(
                      rules.stream().noneMatch(ScopeRule::denies), profile.name() + " " + name));
      boolean generic = profile.name().equals(VendorProfiles.GENERIC);
      assertEquals(generic ? 0 : ScopeRule.NAMES.size(), profile.scopes().size(), profile.name());
    }
  }
}
