package io.github.bmcgateway.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.bmcgateway.config.OwnCookies;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.Fuzz;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** Any value of a header that is rewritten on its way to the browser. */
@Fuzz
class ResponseRulesFuzzTest {
  private static final List<String> URLS = List.of("Location", "Content-Location", "SourceMap");
  private static final OwnCookies OWN = new OwnCookies("pm-session");

  private final ResponseRules rules = new ResponseRules("pm-session");
  private final BmcRequest request;

  ResponseRulesFuzzTest() throws Exception {
    BmcAddress address =
        new BmcAddress(InetAddress.getByName("10.0.0.5"), 8443, Optional.of("bmc.lan:9"));
    this.request =
        new BmcRequest(
            new Bmc(address, 8443, VendorProfiles.builtIn().find(Optional.empty()).orElseThrow()),
            "/",
            new PublicOrigin("https", "pm.example.com", 443),
            new ProxyFixture.Session());
  }

  @FuzzTest(maxDuration = "1m")
  void whatTheBrowserGetsStaysOnTheHostAndOffTheSession(byte[] input) {
    String value = new String(input, ISO_8859_1).trim();
    if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
      return; // No such value gets past the parser of answers.
    }
    URLS.forEach(name -> checkUrl(value, rewritten(name, value).orElseThrow()));
    checkTwice("Link", value);
    checkTwice("Refresh", value);
    checkTwice("Content-Security-Policy", value);
    rewritten("Set-Cookie", value).ifPresent(this::checkCookie);
  }

  private void checkUrl(String before, String after) {
    if (!after.equals(before)) {
      assertTrue(namesTheBmc(before), before);
      // Browsers drop tabs in URLs, and take a backslash for a slash.
      String read = after.replace("\t", "").replace('\\', '/');
      assertTrue(read.startsWith("/") && !read.startsWith("//"), () -> before + " -> " + after);
    }
    assertEquals(after, HeaderUrls.pathOnly(after, request.bmc().address()));
    if (isOwn(before)) {
      assertTrue(after.startsWith("/"), () -> before + " -> " + after);
    }
  }

  /** What is left as it is after one time doesn't change at another gateway's either. */
  private void checkTwice(String name, String value) {
    Optional<String> once = rewritten(name, value);
    Optional<String> twice = once.flatMap(first -> rewritten(name, first));
    assertEquals(once, twice);
    assertFalse(once.orElse("").matches("(?s).*[\r\n].*"));
  }

  /** As browsers take a cookie (RFC 6265bis, section 5.6), and send it back. */
  private void checkCookie(String cookie) {
    String[] parts = cookie.split(";", -1);
    int equals = parts[0].indexOf('=');
    String name = parts[0].substring(0, Math.max(equals, 0)).strip();
    String value = parts[0].substring(equals + 1).strip();
    String back = name.isEmpty() ? value : name + "=" + value;
    String seen = back.substring(0, Math.max(back.indexOf('='), 0)).strip();
    assertFalse(OWN.include(seen) || OWN.include(name), cookie);
    Set<String> attributes =
        Set.copyOf(
            Stream.of(parts)
                .skip(1)
                .map(part -> part.replaceFirst("=.*", "").strip().toLowerCase(Locale.ROOT))
                .distinct()
                .toList());
    assertTrue(attributes.contains("secure") && !attributes.contains("domain"), cookie);
    assertEquals(Optional.of(cookie), rewritten("Set-Cookie", cookie));
  }

  private static boolean namesTheBmc(String url) {
    String lower = url.replace("\t", "").toLowerCase(Locale.ROOT);
    return lower.contains("10.0.0.5") || lower.contains("bmc.lan");
  }

  private static boolean isOwn(String url) {
    try {
      URI uri = new URI(url);
      return uri.getHost() != null
          && uri.getRawUserInfo() == null
          && Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && Set.of("10.0.0.5", "bmc.lan").contains(uri.getHost())
          && Set.of(-1, 80, 443, 8443).contains(uri.getPort())
          && !uri.getRawAuthority().endsWith(":");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private Optional<String> rewritten(String name, String value) {
    return rules.apply(HttpFields.build().add(name, value), request).stream()
        .filter(field -> field.is(name))
        .map(HttpField::getValue)
        .findFirst();
  }
}
