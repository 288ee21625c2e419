package io.github.bmcgateway.relay;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * pmproxy's own edge, as the page of its wire protocol describes it, at the level of sockets: what
 * it sends to a gateway for a browser, and what it loses on the way.
 *
 * @param gatewayPort where the gateway is
 * @param publicHost host of the public URL
 */
record OriginalEdge(int gatewayPort, String publicHost) {
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

  /** A browser's request, of whose token the edge knows the address. */
  RawClient.Answer page(
      String method, String target, Map<String, String> browser, String ip, int port)
      throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(browser);
    headers.put("X-Forwarded-Host", publicHost);
    headers.put("X-Forwarded-Port", "");
    headers.put("X-Forwarded-Proto", "https:");
    headers.put("X-PM-Host", ip);
    headers.put("X-PM-Port", Integer.toString(port));
    String key = cookie(browser.getOrDefault("Cookie", ""), "sessionKey");
    if (!key.isEmpty()) {
      headers.put("X-PM-Token", key);
    }
    // The CDN's doing.
    headers.remove("X-Auth-Token");
    headers.put("CF-Connecting-IP", "203.0.113.9");
    headers.put("CF-Ray", "8f0000000000-FRA");
    headers.put("CF-Visitor", "{\"scheme\":\"https\"}");
    headers.put("CDN-Loop", "cloudflare; loops=1");
    return raw(method, target, headers);
  }

  /** What may be any head. */
  RawClient.Answer raw(String method, String target, Map<String, String> headers)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    headers.forEach((name, value) -> lines.append(name + ": " + value + "\r\n"));
    try (RawClient client = new RawClient(gatewayPort)) {
      return client.request(method, target, lines + "Connection: close\r\n");
    }
  }

  /** The target under which a browser's socket goes to the gateway. */
  static String socketTarget(String ip, int port, String browserTarget, String coded) {
    // The query is lost here.
    String path = browserTarget.replaceFirst("\\?.*", "");
    return "/websocket/" + ip + "/" + port + "/" + path + "?headers=" + coded;
  }

  /** The browser's headers, of which the edge hands some on. */
  static String coded(Map<String, String> browser) {
    return URLEncoder.encode(base64(json(browser)), StandardCharsets.UTF_8);
  }

  static String json(Map<String, String> browser) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (String name : SOCKET_HEADERS) {
      if (browser.containsKey(name)) {
        kept.put(name, browser.get(name));
      }
    }
    try {
      return JsonMapper.builder().build().writeValueAsString(kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String base64(String json) {
    return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Opens the hop's socket; what it was answered is for the caller to read. */
  Wire socket(String target, String... furtherHeaders) throws IOException {
    Wire hop = Wire.connect(gatewayPort);
    hop.write(Wire.upgrade(target, furtherHeaders));
    return hop;
  }

  private static String cookie(String cookies, String name) {
    for (String pair : cookies.split(";")) {
      if (pair.trim().startsWith(name + "=")) {
        return pair.trim().substring(name.length() + 1).trim();
      }
    }
    return "";
  }
}
