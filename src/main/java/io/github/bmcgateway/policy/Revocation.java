package io.github.bmcgateway.policy;

import io.github.bmcgateway.config.IpAddresses;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tokens that are taken back: all that carry the value and weren't issued after the instant.
 *
 * @param kind what the value is compared with
 * @param value the claim's value, or the BMC's address as {@link IpAddresses#format} writes it
 * @param before tokens issued later are not meant; a token that doesn't say when it was issued is
 * @param reason why, in the operator's words; for the audit
 */
public record Revocation(Kind kind, String value, Instant before, Optional<String> reason) {
  /** What revocations go by. */
  public enum Kind {
    /** One token, by its claim {@code jti}. */
    JTI,
    /** All tokens of one person or account, by the claim {@code sub}. */
    SUB,
    /** All tokens for one BMC, by its address. */
    BMC;

    /** The name in JSON. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a revocation is found by: of two with the same key, the one that reaches further counts.
   */
  record Key(Kind kind, String value) {}

  Key key() {
    return new Key(kind, value);
  }

  /** The keys under which a revocation would hit the session. */
  static List<Key> keysOf(SessionFacts session) {
    Key bmc = new Key(Kind.BMC, IpAddresses.format(session.bmc()));
    Optional<Key> token = session.tokenId().map(id -> new Key(Kind.JTI, id));
    Optional<Key> subject = session.subject().map(name -> new Key(Kind.SUB, name));
    return Stream.of(Optional.of(bmc), token, subject).flatMap(Optional::stream).toList();
  }

  /**
   * Whether a token that was issued at this time, if that is known, is meant. A token that is named
   * by its own identifier always is: its issuer's clock may be ahead.
   */
  boolean covers(Optional<Instant> issued) {
    return kind == Kind.JTI || issued.map(time -> !time.isAfter(before)).orElse(true);
  }
}
