package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.OwnCookies;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.Promptly;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers by which a BMC would reach further than its own pages. */
class HostileHeadersTest {
  private final ResponseRules rules = new ResponseRules("pm-session");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NEL",
        "Report-To",
        "Reporting-Endpoints",
        "Expect-CT",
        "Attribution-Reporting-Register-Source",
        "Use-As-Dictionary",
        "Secure-Session-Registration",
        "Sec-Session-Registration",
        "Service-Worker-Allowed",
        "Clear-Site-Data",
        "Accept-CH-Lifetime",
        "X-Accel-Redirect",
        "X-Sendfile",
        "X-SENDFILE-TYPE",
        "X-LIGHTTPD-send-file",
        "X-LiteSpeed-Location",
        "X-Reproxy-URL",
        "Surrogate-Control",
        "CDN-Cache-Control",
        "Cloudflare-CDN-Cache-Control",
        "Edge-Control",
        "Cache-Tag",
        "Proxy-Authenticate"
      })
  void whatSpeaksToOthersThanThePageIsDropped(String name) throws Exception {
    assertEquals(List.of(), values(name, "/etc/passwd"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5; url=https://10.0.0.5/a?b=c | 5; url=/a?b=c",
        "0;URL='https://10.0.0.5:443/a' | 0;URL='/a'",
        "0, http://10.0.0.5 | 0, /",
        "0; url=\"//10.0.0.5/a\"; x | 0; url=\"/a\"; x",
        "0; url=https://10.0.0.5//evil.example/ | 0; url=/.//evil.example/",
        "0; url=https://10.0.0.50/a | 0; url=https://10.0.0.50/a",
        "0; url=https://evil.example/?https://10.0.0.5/ | 0; url=https://evil.example/?https://10.0.0.5/",
        "5 | 5",
        "0; url=/a | 0; url=/a"
      })
  void refreshStaysAtThePublicHost(String sent, String seen) throws Exception {
    assertEquals(List.of(seen), values("Refresh", sent));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SourceMap", "X-SourceMap", "Content-Location", "Location"})
  void urlsOfTheBmcsOwnMoveToThePublicHost(String name) throws Exception {
    assertEquals(List.of("/a.map"), values(name, "https://10.0.0.5/a.map"));
    assertEquals(List.of("https://x.example/"), values(name, "https://x.example/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "script-src 'self'; report-uri https://x.example/; img-src * | script-src 'self';  img-src *",
        "report-to all;default-src 'none' | default-src 'none'",
        "default-src 'none'; Report-URI /a /b | default-src 'none';",
        "img-src /report-uri/a; x-report-to b | img-src /report-uri/a; x-report-to b"
      })
  void aPolicyIsKeptButReportsToNobody(String sent, String seen) throws Exception {
    assertEquals(List.of(seen), trimmed(values("Content-Security-Policy", sent)));
    assertEquals(List.of(seen), trimmed(values("Content-Security-Policy-Report-Only", sent)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=b; Domain=example.com | a=b; Secure",
        "a=b;DOMAIN = .example.com ; Path=/x; domain | a=b; Path=/x; Secure",
        "a=b; SECURE=0; Secure | a=b; SECURE=0; Secure",
        "a=b; Path=/; Path=/.gateway | a=b; Path=/; Path=/.gateway; Secure",
        "__Host-a=b; Path=/; Domain=x | __Host-a=b; Path=/; Secure",
        "a=pm-session=evil | a=pm-session=evil; Secure",
        "xpm-session=1 | xpm-session=1; Secure",
        "a=b, pm-session=evil; Domain=x | a=b, pm-session=evil; Secure"
      })
  void aCookieIsThisHostsAloneWhateverItsAttributes(String sent, String seen) throws Exception {
    assertEquals(List.of(seen), values("Set-Cookie", sent));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pm-session=evil",
        "PM-Session-LIVE=evil",
        "__Host-pm-session=evil; Path=/; Secure",
        "__SECURE-PM-SESSION=evil; Secure",
        "__Http-pm-session=evil",
        "__Host-Http-pm-session-live=evil",
        "=__host-pm-session=evil",
        "\tpm-session =evil",
        "pm-session"
      })
  void theGatewaysNamesAreRefusedInAnySpelling(String cookie) throws Exception {
    assertEquals(List.of(), values("Set-Cookie", cookie));
  }

  @Test
  void aNameWithAPrefixKeepsItsBareNameToo() {
    OwnCookies own = new OwnCookies("__Host-pm");
    assertTrue(own.include("__Host-pm") && own.include("__Host-pm-live") && own.include("pm"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Refresh", "Content-Security-Policy", "Link", "Set-Cookie", "Location"})
  void aLongValueCostsNoTime(String name) throws Exception {
    List<String> units =
        List.of(";", ",", " ", "\"", "<", "report-uri ", "report-to ", "url=", "//");
    for (String unit : units) {
      String value = unit.repeat(60_000 / unit.length());
      Duration took = Promptly.processorTime(() -> values(name, value));
      assertTrue(took.toMillis() < 2_000, () -> unit + " " + took);
    }
  }

  private static List<String> trimmed(List<String> values) {
    return values.stream().map(String::trim).toList();
  }

  private List<String> values(String name, String value) throws UnknownHostException {
    BmcAddress address = new BmcAddress(InetAddress.getByName("10.0.0.5"), 443, Optional.empty());
    Bmc bmc =
        new Bmc(address, 443, VendorProfiles.builtIn().find(Optional.of("generic")).orElseThrow());
    PublicOrigin origin = new PublicOrigin("https", "pm.example.com", 443);
    BmcRequest request = new BmcRequest(bmc, "/", origin, new ProxyFixture.Session());
    return rules.apply(HttpFields.build().add(name, value), request).stream()
        .filter(field -> field.is(name))
        .map(HttpField::getValue)
        .toList();
  }
}
