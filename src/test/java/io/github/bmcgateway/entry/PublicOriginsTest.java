package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.target.PublicOrigin;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicOriginsTest {
  private final PublicOrigins origins =
      new PublicOrigins(
          List.of(
              Cidr.parse("10.1.0.0/16").orElseThrow(), Cidr.parse("fd00:1::/32").orElseThrow()));

  @ParameterizedTest
  @CsvSource({
    "https, pm.example.com, 443, https://pm.example.com",
    "https, PM.Example.COM, 8443, https://pm.example.com:8443",
    "http, localhost, 80, http://localhost",
    "http, localhost, 443, http://localhost:443",
    "https, 10.0.0.1, 443, https://10.0.0.1",
    "https, [FD00::0:5], 8443, https://[fd00::5]:8443"
  })
  void itIsTheRequestsSchemeAndHost(String scheme, String host, int port, String expected) {
    assertEquals(
        Optional.of(expected),
        of(
            FakeRequest.get()
                .with("getScheme", scheme)
                .with("getServerName", host)
                .with("getServerPort", port)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "user@host", "a..b", "host/path", "1.2.3"})
  void aHostThatIsNoneIsRefused(String host) {
    assertEquals(Optional.empty(), of(FakeRequest.get().with("getServerName", host)));
  }

  @Test
  void anybodyMaySendForwardingHeadersButOnlyATrustedProxyIsBelieved() {
    FakeRequest request =
        FakeRequest.get()
            .header("X-Forwarded-Proto", "http")
            .header("X-Forwarded-Host", "evil.example")
            .header("X-Forwarded-Port", "1");
    assertEquals(Optional.of("https://pm.example.com"), of(request));
    assertEquals(
        Optional.of("http://evil.example:1"), of(request.with("getRemoteAddr", "10.1.2.3")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.1.2.3", "::ffff:10.1.2.3", "fd00:1::7", "[fd00:1::7]", "fd00:1::7%lo"})
  void aProxyIsKnownByItsAddress(String address) {
    FakeRequest request =
        FakeRequest.get()
            .with("getRemoteAddr", address)
            .header("X-Forwarded-Host", "public.example");
    assertEquals(Optional.of("https://public.example"), of(request));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "https; pm2.example.com; -; https://pm2.example.com",
        "https; pm2.example.com:8443; -; https://pm2.example.com:8443",
        "https; pm2.example.com; 8443; https://pm2.example.com:8443",
        "https; pm2.example.com:8443; 443; https://pm2.example.com:8443",
        "https:; pm2.example.com; ''; https://pm2.example.com",
        "wss; pm2.example.com; -; https://pm2.example.com",
        "HTTP; pm2.example.com; -; http://pm2.example.com",
        "https; -; -; https://pm.example.com",
        "-; evil.example, pm2.example.com; -; http://pm2.example.com",
        "https, http; pm2.example.com; -; http://pm2.example.com",
        "-; -; 1, 8443; http://pm.example.com:8443"
      },
      delimiter = ';',
      nullValues = "-")
  void theNearestProxysWordCounts(String proto, String host, String port, String expected) {
    FakeRequest request =
        FakeRequest.get()
            .with("getRemoteAddr", "10.1.2.3")
            .with("getScheme", "http")
            .with("getServerPort", 80)
            .header("X-Forwarded-Proto", proto)
            .header("X-Forwarded-Host", host)
            .header("X-Forwarded-Port", port);
    assertEquals(Optional.of(expected), of(request));
  }

  @Test
  void theLastOfSeveralHeaderLinesCounts() {
    FakeRequest request =
        FakeRequest.get()
            .with("getRemoteAddr", "10.1.2.3")
            .header("X-Forwarded-Host", "evil.example")
            .header("X-Forwarded-Host", "pm2.example.com");
    assertEquals(Optional.of("https://pm2.example.com"), of(request));
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-Proto, gopher",
    "X-Forwarded-Host, a b",
    "X-Forwarded-Port, 0",
    "X-Forwarded-Port, 70000",
    "X-Forwarded-Port, https"
  })
  void aProxyThatMakesNoSenseIsNotGuessedAt(String name, String value) {
    assertEquals(
        Optional.empty(),
        of(FakeRequest.get().with("getRemoteAddr", "10.1.2.3").header(name, value)));
  }

  private Optional<String> of(FakeRequest request) {
    return origins.of(request.request()).map(PublicOrigin::toString);
  }
}
