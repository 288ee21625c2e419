package io.github.bmcgateway.sim.idrac9;

import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pairs of keys, 24 digits each, that open the console and the media channel once each. The first
 * key admits to a channel, the second answers its challenge. Thread-safe.
 */
final class ConsoleTickets {

  enum Channel {
    CONSOLE,
    MEDIA
  }

  /** A pair of keys. */
  record Pair(String first, String second) {}

  private record Issued(String second, Set<Channel> redeemed) {}

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Issued> issued = new HashMap<>();

  synchronized Pair issue() {
    Pair pair = new Pair(digits(), digits());
    issued.put(pair.first(), new Issued(pair.second(), EnumSet.noneOf(Channel.class)));
    return pair;
  }

  /** The second key that belongs to a first one; empty when unknown or used up. */
  synchronized Optional<String> redeem(Channel channel, String first) {
    Issued ticket = issued.get(first);
    boolean fresh = ticket != null && ticket.redeemed().add(channel);
    return fresh ? Optional.of(ticket.second()) : Optional.empty();
  }

  String digits() {
    StringBuilder digits = new StringBuilder(24);
    for (int i = 0; i < 24; i++) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }
}
