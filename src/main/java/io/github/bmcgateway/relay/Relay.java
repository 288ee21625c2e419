package io.github.bmcgateway.relay;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.Upstream;
import jakarta.servlet.http.HttpServletRequest;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * What becomes of a request, or of a socket, that goes on to the gateway of another region. Every
 * request has its {@link Hop}. Safe for use by several threads.
 */
public final class Relay {
  /** The longest that a vendor's profile gives a BMC, and the other gateway's answer after that. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(310);

  private final Predicate<String> goesOn;
  private final Function<Throwable, Failure> failures;
  private final Supplier<Loops> loops;
  private final PmproxyHop pmproxy;

  /**
   * @param goesOn whether a browser's header, its name in lower case, goes any further
   * @param failures what a failure would mean on the way to a BMC
   * @param loops marks what is relayed
   * @param sessionCookie name of the session cookie
   */
  public Relay(
      Predicate<String> goesOn,
      Function<Throwable, Failure> failures,
      Supplier<Loops> loops,
      String sessionCookie) {
    this.goesOn = goesOn;
    this.failures = failures;
    this.loops = loops;
    this.pmproxy = new PmproxyHop(sessionCookie);
  }

  /** Host and port of the other gateway. */
  public static String authority(BmcRequest to) {
    Upstream upstream = upstream(to);
    return upstream.host() + ":" + upstream.port();
  }

  /** Longest silence within an exchange: the other gateway's own limit comes first. */
  public static Duration answerTimeout(Duration usual) {
    Duration longer = usual.plusSeconds(10);
    return longer.compareTo(LONGEST_ANSWER) < 0 ? LONGEST_ANSWER : longer;
  }

  /** The headers of a plain request. */
  public HttpFields pageHeaders(HttpServletRequest browser, BmcRequest to) {
    HttpFields.Mutable headers = browsers(browser, to);
    if (upstream(to).isNative()) {
      NativeHeaders.add(browser, to, headers);
    } else {
      pmproxy.add(browser, to, headers);
    }
    return headers;
  }

  /** The headers of a plain request whose body stays behind. */
  public HttpFields bareHeaders(HttpServletRequest browser, BmcRequest to) {
    return HttpFields.build(pageHeaders(browser, to))
        .remove(HttpHeader.CONTENT_LENGTH)
        .remove(HttpHeader.CONTENT_TYPE);
  }

  /** The target of a socket. */
  public String socketTarget(HttpServletRequest browser, BmcRequest to) {
    return upstream(to).isNative() ? to.target() : pmproxy.socketTarget(browser, to);
  }

  /** The headers of a socket, without those of the handshake. */
  public HttpFields socketHeaders(HttpServletRequest browser, BmcRequest to) {
    if (upstream(to).isNative()) {
      HttpFields.Mutable headers = browsers(browser, to).remove(HttpHeader.CONTENT_LENGTH);
      for (HttpField field : headers.asImmutable()) {
        if (field.getLowerCaseName().startsWith("sec-websocket-")) {
          headers.remove(field.getName());
        }
      }
      NativeHeaders.add(browser, to, headers);
      return headers;
    }
    HttpFields.Mutable headers = hop(browser, to);
    PmproxyHop.addClient(browser, headers);
    return headers;
  }

  /** What a failure means on the way to the other gateway. */
  public Failure failure(Throwable thrown) {
    if (thrown instanceof SocketTimeoutException) {
      // Nobody has taken the connection: that isn't a BMC that takes its time.
      return Failure.UPSTREAM_UNREACHABLE;
    }
    Failure failure = failures.apply(thrown);
    return switch (failure) {
      case BMC_UNREACHABLE, BMC_PROTOCOL -> Failure.UPSTREAM_UNREACHABLE;
      case BMC_TLS -> Failure.UPSTREAM_TLS;
      case BMC_TIMEOUT -> Failure.UPSTREAM_TIMEOUT;
      default -> failure;
    };
  }

  private HttpFields.Mutable hop(HttpServletRequest browser, BmcRequest to) {
    return HttpFields.build()
        .put(HttpHeader.HOST, upstream(to).authority())
        .put(Loops.HEADER, loops.get().marked(browser));
  }

  private HttpFields.Mutable browsers(HttpServletRequest browser, BmcRequest to) {
    HttpFields.Mutable headers = hop(browser, to);
    Set<String> ofConnection =
        Collections.list(browser.getHeaders("Connection")).stream()
            .flatMap(line -> Arrays.stream(line.split(",")))
            .map(name -> name.trim().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    for (String name : Collections.list(browser.getHeaderNames())) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (goesOn.test(lower) && !ofConnection.contains(lower) && !lower.equals("host")) {
        Collections.list(browser.getHeaders(name))
            .forEach(value -> headers.add(new HttpField(name, value)));
      }
    }
    return headers;
  }

  private static Upstream upstream(BmcRequest to) {
    return to.upstream().orElseThrow();
  }
}
