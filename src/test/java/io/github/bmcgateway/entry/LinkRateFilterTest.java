package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkRateFilterTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
    "2001:db8:1:2:ffff::1, 2001:db8:1:2::",
    "@, @",
  })
  void anIpv6ClientIsItsNetwork(String address, String client) {
    assertEquals(client, LinkRateFilter.client(address));
  }
}
