package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.config.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
  private final ClientAddress clients =
      new ClientAddress(
          Stream.of("10.1.0.0/16", "fd00:1::/32")
              .map(Cidr::parse)
              .map(Optional::orElseThrow)
              .toList());

  private String of(String peer, String name, String... values) {
    FakeRequest request = FakeRequest.get().with("getRemoteAddr", peer);
    List.of(values).forEach(value -> request.header(name, value));
    return clients.of(request.request());
  }

  @Test
  void nobodyButATrustedProxyIsBelieved() {
    assertEquals("198.51.100.7", of("198.51.100.7", "X-Forwarded-For", "203.0.113.9"));
    assertEquals("198.51.100.7", of("198.51.100.7", "CF-Connecting-IP", "203.0.113.9"));
    assertEquals("203.0.113.9", of("10.1.0.1", "CF-Connecting-IP", "203.0.113.9"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9                           | 203.0.113.9",
        "1.1.1.1, 203.0.113.9                  | 203.0.113.9",
        "1.1.1.1,203.0.113.9 , 10.1.2.3        | 203.0.113.9",
        "203.0.113.9, planted, 10.1.2.3        | 10.1.2.3",
        "203.0.113.9, fd00:1::7                | 203.0.113.9",
        "10.1.9.9, 10.1.2.3                    | 10.1.9.9",
        "::ffff:203.0.113.9                    | 203.0.113.9",
        "'203.0.113.9,'                        | 10.1.0.1"
      })
  void theRightmostHopThatIsNotTrustedIsTheClient(String hops, String client) {
    assertEquals(client, of("10.1.0.1", "X-Forwarded-For", hops));
  }

  @Test
  void severalHeadersAreOneListAndALoneProxyIsTheClientItself() {
    assertEquals("203.0.113.9", of("10.1.0.1", "X-Forwarded-For", "1.1.1.1", "203.0.113.9"));
    assertEquals("10.1.0.1", of("10.1.0.1", "X-Forwarded-For"));
    assertEquals(
        clients.of(FakeRequest.get().with("getRemoteAddr", "fd00:2::5").request()),
        of("[fd00:2:0::5%eth0]", "X-Forwarded-For"));
  }

  @Test
  void ofAnEdgeOnlyItsCdnIsBelieved() {
    ClientAddress behind =
        new ClientAddress(List.of(), Cidr.parse("10.9.0.0/16").stream().toList());
    FakeRequest request =
        FakeRequest.get()
            .with("getRemoteAddr", "10.9.0.1")
            .header("X-Forwarded-For", "1.1.1.1")
            .header("CF-Connecting-IP", "203.0.113.9");
    assertEquals("203.0.113.9", behind.of(request.request()));
    FakeRequest none = FakeRequest.get().with("getRemoteAddr", "10.9.0.1");
    assertEquals("10.9.0.1", behind.of(none.header("X-Forwarded-For", "1.1.1.1").request()));
  }
}
