package io.github.bmcgateway.entry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.bmcgateway.proxy.RequestRules;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.Fuzz;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;

/** Any {@code Cookie} header: whose it is, and what of it a BMC gets. */
@Fuzz
class SessionCookiesFuzzTest {
  private static final String NAME = "pm-session";
  private static final Pattern OURS =
      Pattern.compile(
          "(?:__(?:host-http|host|secure|http)-)?pm-session(?:-live)?", Pattern.CASE_INSENSITIVE);

  private final SessionCookies cookies = new SessionCookies(NAME);
  private final RequestRules rules = new RequestRules(NAME, path -> false);
  private final BmcRequest to;

  SessionCookiesFuzzTest() throws Exception {
    BmcAddress address = new BmcAddress(InetAddress.getByName("10.0.0.5"), 443, Optional.empty());
    to =
        new BmcRequest(
            new Bmc(address, 443, VendorProfiles.builtIn().find(Optional.empty()).orElseThrow()),
            "/",
            new PublicOrigin("https", "pm.example.com", 443),
            (kind, work) -> Optional.empty());
  }

  /** Each line of the input is a header. */
  @FuzzTest(maxDuration = "1m")
  void everySessionCountsAndNoneReachesTheBmc(byte[] input) {
    FakeRequest request =
        FakeRequest.get().with("getHeaderNames", Collections.enumeration(List.of("Cookie")));
    List<String> expected = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String line : new String(input, ISO_8859_1).split("\n", -1)) {
      request.header("Cookie", line);
      for (String pair : line.split(";")) {
        String name = pair.contains("=") ? pair.replaceFirst("(?s)=.*", "").trim() : "";
        String text = pair.trim();
        if (name.equals(NAME)) {
          expected.add(pair.replaceFirst("(?s)[^=]*=", "").trim());
        }
        if (!text.isEmpty() && !OURS.matcher(name.isEmpty() ? bare(text) : name).matches()) {
          others.add(text);
        }
      }
    }

    assertEquals(expected, cookies.tokens(request.request()));
    assertFalse(cookies.otherNames(request.request()).contains(NAME));
    String sent =
        Optional.ofNullable(rules.forPage(request.request(), to).get(HttpHeader.COOKIE)).orElse("");
    assertEquals(String.join("; ", others), sent);
    for (String pair : sent.split(";")) {
      String name = pair.replaceFirst("(?s)=.*", "").trim().toLowerCase(Locale.ROOT);
      assertFalse(OURS.matcher(name).matches(), sent);
    }
  }

  /** What a pair without a name would be one of, if its value were the name. */
  private static String bare(String text) {
    return text.startsWith("=") ? "" : text;
  }
}
