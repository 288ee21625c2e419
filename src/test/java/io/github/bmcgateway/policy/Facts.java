package io.github.bmcgateway.policy;

import io.github.bmcgateway.config.IpAddresses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What tokens say, for tests. */
final class Facts {
  /** Of a token that says nothing but the BMC. */
  static final SessionFacts NONE = of("", "", "10.0.0.5", Optional.empty());

  private Facts() {}

  /** An empty text stands for a claim that isn't there. */
  static SessionFacts of(String jti, String sub, String bmc, Optional<Instant> issued) {
    return new SessionFacts(
        Optional.of(jti).filter(text -> !text.isEmpty()),
        Optional.of(sub).filter(text -> !text.isEmpty()),
        IpAddresses.parse(bmc).orElseThrow(),
        issued);
  }

  static Revocations revocations(Clock clock) {
    return new RememberedRevocations(100, () -> Duration.ofHours(24), clock);
  }
}
