package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One operation makes of a head what goes on: Chromium's request, and an iDRAC9's answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeaderRulesBenchmark {
  private static final String COOKIE = "pm-session";
  private static final String TOKEN = "x".repeat(300);

  private final RequestRules requests = new RequestRules(COOKIE, path -> false);
  private final ResponseRules answers = new ResponseRules(COOKIE);
  private final BmcRequest script = to("/restgui/js/app.4f5a2c.js?v=1");
  private final BmcRequest login = to("/sysmgmt/2015/bmc/session");
  private final BrowserRequest browser =
      new BrowserRequest(
          head(
              "Host: pm.example.com",
              "Connection: keep-alive",
              "sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"",
              "sec-ch-ua-mobile: ?0",
              "sec-ch-ua-platform: \"Linux\"",
              "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/140.0.0.0 Safari/537.36",
              "Accept: */*",
              "Sec-Fetch-Site: same-origin",
              "Sec-Fetch-Mode: no-cors",
              "Sec-Fetch-Dest: script",
              "Referer: https://pm.example.com/restgui/start.html",
              "Accept-Encoding: gzip, deflate, br, zstd",
              "Accept-Language: en-US,en;q=0.9",
              "Cookie: pm-session=" + TOKEN + "; -http-session-=64::http.session::0f3a9c",
              "If-None-Match: W/\"19c0-61b2\""));
  private final HttpFields file =
      head(
          "Date: Sun, 22 Nov 2026 10:00:00 GMT",
          "Server: Apache",
          "Strict-Transport-Security: max-age=63072000",
          "X-Frame-Options: SAMEORIGIN",
          "X-Content-Type-Options: nosniff",
          "Content-Security-Policy: default-src 'self'; connect-src *; style-src 'self'"
              + " 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; img-src 'self'"
              + " data:",
          "Last-Modified: Tue, 02 Jun 2026 08:00:00 GMT",
          "ETag: \"19c0-61b2\"",
          "Accept-Ranges: bytes",
          "Content-Length: 6592",
          "Content-Encoding: gzip",
          "Vary: Accept-Encoding",
          "Keep-Alive: timeout=60, max=199",
          "Connection: Keep-Alive",
          "Content-Type: application/javascript");
  private final HttpFields session =
      head(
          "Date: Sun, 22 Nov 2026 10:00:00 GMT",
          "Server: Apache",
          "Strict-Transport-Security: max-age=63072000",
          "X-Frame-Options: SAMEORIGIN",
          "Cache-Control: no-cache, no-store",
          "Set-Cookie: -http-session-=64::http.session::0f3a9c; path=/; HttpOnly; secure;"
              + " SameSite=Strict",
          "XSRF-TOKEN: 5d41402abc4b2a76b9719d911017c592",
          "Content-Length: 123",
          "Keep-Alive: timeout=60, max=199",
          "Connection: Keep-Alive",
          "Content-Type: application/json");

  /** A request for a script, with the session's cookie among the BMC's. */
  @Benchmark
  public HttpFields request() {
    return requests.forPage(browser, script);
  }

  /** The answer with that script. */
  @Benchmark
  public List<HttpField> answer() {
    return answers.apply(file, script);
  }

  /** The answer to a login, which sets a cookie. */
  @Benchmark
  public List<HttpField> answerWithCookie() {
    return answers.apply(session, login);
  }

  private static HttpFields head(String... lines) {
    HttpFields.Mutable head = HttpFields.build();
    for (String line : lines) {
      String[] parts = line.split(": ", 2);
      head.add(parts[0], parts[1]);
    }
    return head.asImmutable();
  }

  private static BmcRequest to(String target) {
    try {
      BmcAddress address =
          new BmcAddress(InetAddress.getByName("10.20.30.40"), 443, Optional.empty());
      return new BmcRequest(
          new Bmc(
              address,
              443,
              VendorProfiles.builtIn().find(Optional.of("idrac9")).orElseThrow()),
          target,
          new PublicOrigin("https", "pm.example.com", 443),
          (kind, work) -> Optional.empty());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
