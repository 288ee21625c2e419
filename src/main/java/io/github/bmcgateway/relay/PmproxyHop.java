package io.github.bmcgateway.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.OwnCookies;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The hop to pmproxy's own gateway, by pmproxy's wire protocol. It differs from what pmproxy's edge
 * does in three ways: the scheme goes without a colon, which that gateway would stumble over; the
 * session cookie always has the one name that it knows; and a socket's query is kept, percent
 * encoded within the path, which it decodes once. Immutable; safe for use by several threads.
 */
final class PmproxyHop {
  private static final String COOKIE = "pm-session";
  private static final String KEY_COOKIE = "sessionKey";

  private static final List<String> SOCKET_HEADERS =
      List.of(
          "Accept-Encoding",
          "Accept-Language",
          "Connection",
          "Cookie",
          "Host",
          "Origin",
          "Pragma",
          "Sec-WebSocket-Extensions",
          "Sec-WebSocket-Protocol",
          "Sec-WebSocket-Version",
          "Upgrade",
          "User-Agent");

  private static final ObjectWriter JSON = JsonMapper.builder().build().writer();

  private final OwnCookies own;

  /**
   * @param sessionCookie name of this gateway's session cookie
   */
  PmproxyHop(String sessionCookie) {
    own = new OwnCookies(sessionCookie);
  }

  /** Adds to a page's headers, which are the browser's. */
  void add(HttpServletRequest browser, BmcRequest to, HttpFields.Mutable headers) {
    BmcAddress bmc = to.bmc().address();
    PublicOrigin origin = to.origin();
    boolean usualPort = origin.authority().equals(origin.host());
    headers.put(HttpHeader.COOKIE, cookies(browser));
    headers.put("X-Forwarded-Host", origin.authority());
    headers.put("X-Forwarded-Port", usualPort ? "" : Integer.toString(origin.port()));
    headers.put("X-Forwarded-Proto", "https");
    headers.put("X-PM-Host", IpAddresses.format(bmc.ip()));
    headers.put("X-PM-Port", Integer.toString(bmc.port()));
    sessionKey(browser).ifPresent(key -> headers.put("X-PM-Token", key));
    addClient(browser, headers);
  }

  /** What a CDN would say. */
  static void addClient(HttpServletRequest browser, HttpFields.Mutable headers) {
    headers.put("CF-Connecting-IP", Hop.of(browser).client());
  }

  /** The target of a socket. */
  String socketTarget(HttpServletRequest browser, BmcRequest to) {
    BmcAddress bmc = to.bmc().address();
    return "/websocket/"
        + IpAddresses.format(bmc.ip())
        + "/"
        + bmc.port()
        + "/"
        + encode(to.target())
        + "?headers="
        + encode(Base64.getEncoder().encodeToString(json(browser, to))).replace("/", "%2F");
  }

  private byte[] json(HttpServletRequest browser, BmcRequest to) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : SOCKET_HEADERS) {
      List<String> values = Collections.list(browser.getHeaders(name));
      if (!values.isEmpty()) {
        headers.put(name, String.join(", ", values));
      }
    }
    headers.put("Cookie", cookies(browser));
    headers.put("Host", to.origin().authority());
    try {
      return JSON.writeValueAsBytes(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A map of texts is always JSON", e);
    }
  }

  private String cookies(HttpServletRequest browser) {
    return Stream.concat(
            pairs(browser).filter(pair -> !own.include(name(pair)) && !name(pair).equals(COOKIE)),
            Stream.of(COOKIE + "=" + Hop.of(browser).token()))
        .collect(Collectors.joining("; "));
  }

  private static Optional<String> sessionKey(HttpServletRequest browser) {
    return pairs(browser)
        .filter(pair -> name(pair).equals(KEY_COOKIE))
        .map(pair -> pair.substring(pair.indexOf('=') + 1).trim())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static Stream<String> pairs(HttpServletRequest browser) {
    return Collections.list(browser.getHeaders("Cookie")).stream()
        .flatMap(line -> Arrays.stream(line.split(";")))
        .map(String::trim)
        .filter(pair -> !pair.isEmpty());
  }

  private static String name(String pair) {
    int equals = pair.indexOf('=');
    return (equals < 0 ? "" : pair.substring(0, equals)).trim();
  }

  /** All but unreserved characters and slashes, so that one decoding makes the same of it. */
  private static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
      char c = (char) (octet & 0xff);
      if ((c >= '0' && c <= '9')
          || (c >= 'A' && c <= 'Z')
          || (c >= 'a' && c <= 'z')
          || "/-._~".indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append("%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }
}
