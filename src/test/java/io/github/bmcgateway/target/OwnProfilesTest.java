package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles that an operator puts into the configuration folder. */
class OwnProfilesTest {
  @TempDir private Path folder;

  @Test
  void aFileAddsAVendor() throws Exception {
    assertEquals("Acme BMC", with("acme", "title: Acme BMC").title());
  }

  @Test
  void aFileTakesThePlaceOfABuiltInProfileAsAWhole() throws Exception {
    VendorProfile own = with("ilo5", "title: Our iLO");

    assertEquals("Our iLO", own.title());
    assertEquals(List.of(), own.cookies());
  }

  @Test
  void everyBuiltInProfileCouldBeAnOperatorsOwn() {
    VendorProfiles.builtIn()
        .all()
        .forEach(profile -> assertEquals(List.of(), ProfileCheck.problems(profile)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verified: none | title: required",
        "title: ' ' | title: required",
        "{title: A, colour: red} | colour: no such key here",
        "{title: A, name: acme} | name: no such key here",
        "{title: A, version: 1} | version: no such key here",
        "{title: A, version: null} | version: no such key here",
        "{title: A, sockets: [{pth: /}]} | sockets[0].pth: no such key",
        "{title: A, onClientGone: stay} | onClientGone: ",
        "- title | profile: ",
        "{title: A, title: B} | title",
        "{title: A, consolePort: 70000} | consolePort: 70000 is no port",
        "{title: A, limits: {idleSeconds: -1}} | limits.idleSeconds: -1 is below 0",
        "{title: A, limits: {idleSeconds: soon}} | limits.idleSeconds: ",
        "{title: A, limits: {requestsPerConnection: -9}} | limits.requestsPerConnection: -9 is below 0",
        "{title: A, limits: {requests: -1}} | limits.requests: -1 is below 0",
        "{title: A, limits: {connections: -1}} | limits.connections: -1 is below 0",
        "{title: A, limits: {requests: 9, connections: 8}} | limits.requests: each of them needs one",
        "{title: A, sockets: [{messageMaxBytes: 9}]} | sockets[0].path: required",
        "{title: A, sockets: [{path: '('}]} | Unclosed group",
        "{title: A, facts: {detect: {source: s}}} | facts.detect.confidence: required",
        "{title: A, headerFromCookie: {header: X}} | headerFromCookie.cookie: required",
        "{title: A, logins: [{method: POST, path: /l, logout: {path: /o}}]} | logins[0].logout.method: required",
        "{title: A, detect: [{status: 200}]} | detect[0].path: required",
        "{title: A, detect: [{path: /, status: 200}]} | a status alone tells nothing",
        "{title: A, transforms: [{path: /}]} | nothing is done to /",
        "{title: A, transforms: [{path: /, edits: [{find: x, replaceWith: y}]}]} | too short",
        "{title: A, transforms: [{path: /, edits: [{find: xx}]}]} | needs either",
        "{title: A, scopes: {console: ['GET /*.js']}} | scopes.console[0]: ",
        "{title: A, scopes: {console: ['GET /*.js']}} | * stands for a whole segment",
        "{title: A, scopes: {read: ['GET /', 'GET']}} | scopes.read[1]: ",
        "{title: A, scopes: {read: [null]}} | scopes.read",
        "{title: A, scopes: {read: null}} | scopes.read",
        "{title: A, scopes: {power: ['GET /']}} | scopes.power: no token can name it",
      })
  void aProfileThatCannotBeUsedIsRefusedWithFileAndReason(String yaml, String reason) {
    InvalidProfileException refused =
        assertThrows(InvalidProfileException.class, () -> with("acme", yaml));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith(folder.resolve("acme.yaml").toString()), message);
    assertTrue(message.contains(reason), message);
    assertFalse(message.contains("bmcgateway"), message);
  }

  @Test
  void aNameThatNoTokenCouldUseIsRefused() {
    assertThrows(InvalidProfileException.class, () -> with("Acme BMC", "title: Acme"));
  }

  private VendorProfile with(String name, String yaml) throws Exception {
    Files.writeString(folder.resolve(name + ".yaml"), yaml);
    return VendorProfiles.builtIn().with(folder).find(Optional.of(name)).orElseThrow();
  }
}
