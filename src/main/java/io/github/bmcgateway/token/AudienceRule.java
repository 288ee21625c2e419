package io.github.bmcgateway.token;

import io.github.bmcgateway.target.Authority;
import java.util.List;
import java.util.Optional;

/**
 * What {@code aud} has to hold, and which of its values are public hosts. A demanded audience is no
 * host, so it is taken away before the hosts are compared; unless it is written as one: then it
 * stays, since taking it away would open every other host to the token.
 *
 * @param demanded the value that every token must carry, if any
 */
record AudienceRule(Optional<String> demanded) {
  /**
   * The public hosts of a token with this audience, none for any host; empty for a token that lacks
   * what is demanded.
   */
  Optional<List<String>> hosts(List<String> audience) {
    if (demanded.isEmpty()) {
      return Optional.of(audience);
    }
    String name = demanded.get();
    if (!audience.contains(name)) {
      return Optional.empty();
    }
    return Optional.of(
        isHost(name) ? audience : audience.stream().filter(each -> !each.equals(name)).toList());
  }

  /** One label alone is taken for a name such as {@code bmc-gateway}. */
  private static boolean isHost(String name) {
    boolean isOneLabel = !name.contains(".") && !name.contains(":");
    return Authority.parse(name).isPresent() && (!isOneLabel || name.equals("localhost"));
  }
}
