package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the gateway's own pages say of a session's scope. */
final class ScopeWords {
  private ScopeWords() {}

  /** A row of a list of terms; empty for a session that permits everything. */
  static String row(Optional<Scope> scope) {
    return scope
        .map(
            limits ->
                "<dt>This link is limited to</dt><dd>"
                    + OwnAnswers.escape(permitted(limits))
                    + "</dd>\n")
        .orElse("");
  }

  /** Names are words for a user; what single rules permit only whoever wrote them could say. */
  private static String permitted(Scope scope) {
    List<String> parts = new ArrayList<>(scope.names());
    if (scope.hasOwnRules()) {
      parts.add("single pages");
    }
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }
}
