package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworksTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.0/8|10.255.255.255|true",
        "10.0.0.0/8|11.0.0.0|false",
        "10.0.0.0/8|::ffff:10.0.0.1|true",
        "10.0.0.0/8 fc00::/7|fd12::1|true",
        "fc00::/7|fe00::1|false",
        "10.0.0.5|10.0.0.5|true",
        "10.0.0.5|10.0.0.4|false",
        "0.0.0.0/0|198.51.100.1|true",
        "0.0.0.0/0|2001:db8::1|false",
        "0.0.0.0/0|127.0.0.1|false",
        "0.0.0.0/0|::ffff:127.0.0.1|false",
        "0.0.0.0/0|169.254.169.254|false",
        "0.0.0.0/0|224.0.0.1|false",
        "0.0.0.0/0|239.255.255.255|false",
        "0.0.0.0/0|0.0.0.0|false",
        "0.0.0.0/0|0.1.2.3|false",
        "0.0.0.0/0|255.255.255.255|false",
        "126.0.0.0/7|127.0.0.1|false",
        "126.0.0.0/7|126.0.0.1|true",
        "127.0.0.0/8|127.0.0.1|true",
        "127.0.0.2|127.0.0.2|true",
        "127.0.0.2|127.0.0.1|false",
        "0.0.0.0/0 127.0.0.2|127.0.0.2|true",
        "169.254.0.0/16|169.254.1.1|true",
        "255.255.255.255|255.255.255.255|true",
        "::/0|2001:db8::1|true",
        "::/0|::1|false",
        "::/0|::|false",
        "::/0|fe80::1|false",
        "::/0|febf::1|false",
        "::/0|ff02::1|false",
        "::/127|::1|false",
        "::1|::1|true",
        "fe80::/10|fe80::1|true",
        "fe80::/9|fe80::1|false",
      })
  void specialRangesOpenOnlyToAnEntryInsideThem(String entries, String address, boolean allowed) {
    Networks networks =
        new Networks(
            Arrays.stream(entries.split(" ")).map(text -> Cidr.parse(text).orElseThrow()).toList());
    assertEquals(allowed, networks.allows(IpAddresses.parse(address).orElseThrow()));
  }
}
