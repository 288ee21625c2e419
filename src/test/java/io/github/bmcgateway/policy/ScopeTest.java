package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.ScopeRule;
import io.github.bmcgateway.target.ScopedAction;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final Map<String, List<ScopeRule>> NAMED =
      Map.of("read", List.of(ScopeRule.of("!GET /b"), ScopeRule.of("GET /**")));

  @Test
  void theFirstRuleThatMatchesDecides() {
    assertTrue(permits("/a", "GET /a", "!GET /**"));
    assertFalse(permits("/b", "GET /a", "!GET /**", "GET /b"));
  }

  @Test
  void whereNoneMatchesItIsRefused() {
    assertFalse(permits("/a"));
    assertFalse(permits("/a", "GET /b", "POST /a"));
  }

  @Test
  void aNameExpandsInItsPlace() {
    assertTrue(permits("/a", "read"));
    assertFalse(permits("/b", "read", "GET /b"));
    assertTrue(permits("/b", "GET /b", "read"));
    assertFalse(permits("/a", "!GET /a", "read"));
  }

  @Test
  void aNameThatTheVendorDoesNotKnowMatchesNothing() {
    assertFalse(permits("/a", "console"));
    assertTrue(permits("/a", "console", "GET /a"));
  }

  @Test
  void namesAndRulesAreTold() {
    Scope scope = Scope.of(List.of("read", "GET /a", "console", "read"));
    assertEquals(List.of("read", "console"), scope.names());
    assertTrue(scope.hasOwnRules());
    assertFalse(Scope.of(List.of("read")).hasOwnRules());
  }

  @Test
  void tooManyEntriesAreRefused() {
    Scope.of(Collections.nCopies(64, "GET /a"));
    assertThrows(IllegalArgumentException.class, () -> Scope.of(Collections.nCopies(65, "GET /a")));
  }

  private static boolean permits(String path, String... entries) {
    return Scope.of(List.of(entries))
        .permits(ScopedAction.request("GET", path).orElseThrow(), NAMED);
  }
}
