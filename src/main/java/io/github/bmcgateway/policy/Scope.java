package io.github.bmcgateway.policy;

import io.github.bmcgateway.target.ScopeRule;
import io.github.bmcgateway.target.ScopedAction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a session may do at its BMC: rules, and names that stand for the rules of the BMC's vendor.
 * A name expands in its place. The first rule that matches decides; where none does, it is refused.
 * Immutable.
 */
public final class Scope {
  private static final int MAX_ENTRIES = 64;

  private final List<String> entries;
  private final List<Part> parts;

  /** One entry as it is applied: a rule of the token's own, or the name of others. */
  private record Part(Optional<ScopeRule> rule, String name) {
    static Part of(String entry) {
      return ScopeRule.NAMES.contains(entry)
          ? new Part(Optional.empty(), entry)
          : new Part(Optional.of(ScopeRule.of(entry)), "");
    }

    Stream<ScopeRule> rules(Map<String, List<ScopeRule>> named) {
      return rule.isPresent() ? rule.stream() : named.getOrDefault(name, List.of()).stream();
    }
  }

  private Scope(List<String> entries) {
    this.entries = List.copyOf(entries);
    this.parts = entries.stream().map(Part::of).toList();
  }

  /**
   * The scope that a token's entries say.
   *
   * @throws IllegalArgumentException an entry is neither a rule nor a name, or there are more than
   *     64; the message says which and why
   */
  public static Scope of(List<String> entries) {
    if (entries.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException("a scope has at most " + MAX_ENTRIES + " entries");
    }
    return new Scope(entries);
  }

  /**
   * Whether this is permitted.
   *
   * @param named the rules that names stand for; a name without any matches nothing
   */
  public boolean permits(ScopedAction action, Map<String, List<ScopeRule>> named) {
    return parts.stream()
        .flatMap(part -> part.rules(named))
        .filter(rule -> rule.matches(action))
        .findFirst()
        .map(rule -> !rule.denies())
        .orElse(false);
  }

  /** The entries as the token has them. */
  public List<String> entries() {
    return entries;
  }

  /** The names among the entries, each once. */
  public List<String> names() {
    return parts.stream().map(Part::name).filter(name -> !name.isEmpty()).distinct().toList();
  }

  /** Whether an entry is a rule and no name. */
  public boolean hasOwnRules() {
    return parts.stream().anyMatch(part -> part.rule().isPresent());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scope scope && entries.equals(scope.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
