package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.LoginLimits.Allowed;
import io.github.bmcgateway.target.LoginLimits.Attempt;
import io.github.bmcgateway.target.LoginLimits.Refused;
import io.github.bmcgateway.target.VendorProfiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
  private final FailedLogins logins = new FailedLogins(time.clock());
  private final Bmc bmc = bmc("10.0.0.1", Optional.empty());

  private static Bmc bmc(String ip, Optional<String> host) {
    try {
      return new Bmc(
          new BmcAddress(InetAddress.getByName(ip), 443, host),
          443,
          VendorProfiles.builtIn().find(Optional.of("idrac9")).orElseThrow());
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Attempt begin() {
    return assertInstanceOf(Allowed.class, logins.begin(bmc)).attempt();
  }

  private Duration refused() {
    return assertInstanceOf(Refused.class, logins.begin(bmc)).retryAfter();
  }

  @Test
  void theFourthIsRefusedUntilTheFirstIsAMinuteOld() {
    for (int i = 0; i < 3; i++) {
      begin().over(true);
      time.advance(Duration.ofSeconds(10));
    }
    assertEquals(Duration.ofSeconds(30), refused());
    time.advance(Duration.ofSeconds(30));
    begin().over(true);
    assertEquals(Duration.ofSeconds(10), refused());
  }

  @Test
  void goodLoginsAreNotCounted() {
    for (int i = 0; i < 10; i++) {
      begin().over(false);
    }
    begin().over(true);
  }

  @Test
  void loginsUnderWayCountSoThatManyAtOnceDoNotGetPast() {
    Attempt first = begin();
    begin();
    begin();
    assertEquals(Duration.ofSeconds(1), refused());
    first.over(false);
    first.over(false);
    begin();
    refused();
  }

  @Test
  void anotherNameOfTheSameBmcIsNoWayRound() {
    for (int i = 0; i < 3; i++) {
      begin().over(true);
    }
    assertInstanceOf(Refused.class, logins.begin(bmc("10.0.0.1", Optional.of("other"))));
    assertInstanceOf(Allowed.class, logins.begin(bmc("10.0.0.2", Optional.empty())));
  }

  @Test
  void nothingIsHeldOfBmcsWithoutARecentLogin() {
    begin().over(true);
    time.advance(Duration.ofSeconds(60));
    logins.begin(bmc("10.0.0.2", Optional.empty()));
    assertEquals(1, logins.counted());
  }
}
