package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetGuardTest {
  @Test
  void withoutPortsInTheSettingsThoseOfPagesAndConsolesAreOpen() {
    TargetGuard guard = guard(Set.of(), "10.0.0.0/8");
    assertTrue(allows(guard, "10.0.0.5", 443));
    assertTrue(allows(guard, "10.0.0.5", 5900));
    assertFalse(allows(guard, "10.0.0.5", 22));
    assertFalse(allows(guard, "10.0.0.5", 80));
  }

  @Test
  void portsInTheSettingsReplaceTheDefault() {
    TargetGuard guard = guard(Set.of(8443), "10.0.0.0/8");
    assertTrue(allows(guard, "10.0.0.5", 8443));
    assertFalse(allows(guard, "10.0.0.5", 443));
    assertFalse(allows(guard, "10.0.0.5", 5900));
  }

  @ParameterizedTest
  @CsvSource({
    "10.255.255.255, true",
    "11.0.0.0, false",
    "9.255.255.255, false",
    "::ffff:10.0.0.5, true",
    "::10.0.0.5, false",
    "fd00::5, true",
    "fe80::5, false",
    "2001:db8::1, false",
    "127.0.0.1, false",
    "::1, false",
    "::ffff:127.0.0.1, false",
    "169.254.169.254, false",
    "0.0.0.0, false",
    "::, false",
    "224.0.0.1, false"
  })
  void onlyTheNetworksOfTheSettingsAreReached(String ip, boolean allowed) {
    assertEquals(allowed, allows(guard(Set.of(), "10.0.0.0/8", "fd00::/8"), ip, 443));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, 127.0.0.1, false",
    "0.0.0.0/0, 169.254.169.254, false",
    "0.0.0.0/0, 224.0.0.1, false",
    "0.0.0.0/0, 0.0.0.0, false",
    "0.0.0.0/0, ::ffff:127.0.0.1, false",
    "::/0, ::1, false",
    "::/0, ::, false",
    "::/0, fe80::1, false",
    "::/0, ff02::1, false",
    "::/0, 2001:db8::1, true",
    "127.0.0.2, 127.0.0.2, true",
    "127.0.0.2, 127.0.0.3, false",
    "127.0.0.0/8, ::ffff:127.9.9.9, true",
    "169.254.0.0/16, 169.254.169.254, true",
    "::1, ::1, true"
  })
  void aSpecialRangeIsOpenedOnlyByAnEntryInsideIt(String entry, String ip, boolean allowed) {
    assertEquals(allowed, allows(guard(Set.of(), entry), ip, 443));
  }

  private static boolean allows(TargetGuard guard, String ip, int port) {
    return guard.allows(IpAddresses.parse(ip).orElseThrow(), port);
  }

  private static TargetGuard guard(Set<Integer> ports, String... networks) {
    List<Cidr> entries =
        Arrays.stream(networks).map(Cidr::parse).map(Optional::orElseThrow).toList();
    return new TargetGuard(
        new GatewayConfig.Bmc(new Networks(entries), ports), /* consolePorts= */ Set.of(5900));
  }
}
