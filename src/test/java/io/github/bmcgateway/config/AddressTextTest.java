package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How addresses, networks, hosts and durations are spelled. */
final class AddressTextTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.5,10.0.0.5",
    "::ffff:10.0.0.5,10.0.0.5",
    "2001:DB8:0:0:0:0:0:1,2001:db8::1",
    "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
    "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
    "::,::",
    "::1,::1",
    "1::,1::",
    "64:ff9b::10.0.0.5,64:ff9b::a00:5",
  })
  void anAddressHasOneSpelling(String text, String canonical) {
    assertEquals(canonical, IpAddresses.format(IpAddresses.parse(text).orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "localhost", "bmc.example.com", "10.1", "167772161", "0x0a000001", "012.0.0.1",
        "10.0.0.256", "10.0.0.1.", " 10.0.0.1", "fe80::1%1", "fe80::1%eth0", "[::1]", "1:2:3",
        ":::", "::1::", "10.0.0.1:443", "::ffff:010.0.0.1", "12345::", "１.1.1.1",
      })
  void otherSpellingsAreNoAddress(String text) {
    assertEquals(Optional.empty(), IpAddresses.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0.0/08",
        "10.0.0.1/8",
        "fc00::/129",
        "::ffff:10.0.0.0/104",
        "10.0.0.0/8/8",
        "/8",
        "example.com/8",
        "10.0.0.0/255.0.0.0",
      })
  void otherSpellingsAreNoNetwork(String text) {
    assertEquals(Optional.empty(), Cidr.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "pm.example.com,pm.example.com,true",
    "pm.example.com,PM.Example.Com,true",
    "pm.example.com,x.pm.example.com,false",
    "*.pm.example.com,a.pm.example.com,true",
    "*.pm.example.com,pm.example.com,false",
    "*.pm.example.com,a.b.pm.example.com,false",
    "*.pm.example.com,.pm.example.com,false",
    "*.pm.example.com,apm.example.com,false",
    "192.0.2.1,192.0.2.1,true",
    "2001:DB8:0::1,[2001:db8::1],true",
    "[2001:db8::1],[2001:db8::1],true",
  })
  void aHostPatternFitsItsHosts(String pattern, String host, boolean fits) {
    assertEquals(fits, HostPattern.parse(pattern).orElseThrow().matches(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "*", "*.", "*.*.example.com", "a.*.example.com", "https://a", "a:443", "a/b", "a..b",
        "a.", "-a", "a-", "300.1.1.1", "*.0.0.1", "0x7f.1", "bücher.example", "[10.0.0.1]", "[a]",
        "a b", "a,b",
      })
  void otherSpellingsAreNoHostPattern(String text) {
    assertEquals(Optional.empty(), HostPattern.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0s,0s",
    "250ms,250ms",
    "90s,90s",
    "120s,2m",
    "PT30M,30m",
    "24h,1d",
    "P1DT1H,25h",
    "1500ms,1500ms",
  })
  void aDurationIsWrittenShort(String text, String shortest) {
    Duration duration = Durations.parse(text).orElseThrow();
    assertEquals(shortest, Durations.format(duration));
    assertEquals(Optional.of(duration), Durations.parse(shortest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5 s", "-5s", "1.5h", "5S", "5w", "PT-5S", "9999999999s", "P"})
  void otherTextsAreNoDuration(String text) {
    assertTrue(Durations.parse(text).isEmpty());
  }
}
