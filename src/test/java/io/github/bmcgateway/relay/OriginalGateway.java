package io.github.bmcgateway.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * pmproxy's own gateway, as the page of its wire protocol describes it, at the level of sockets. It
 * dials no BMC: its answers say what it would have asked which BMC for, and its sockets send back
 * what they get. It never ends a socket by itself.
 */
final class OriginalGateway implements AutoCloseable {
  private static final Pattern SOCKET =
      Pattern.compile("/websocket/([0-9.]+)/([0-9]+)/(/[^?]*)\\?headers=([^&]*)");

  private final ScriptedBmc server;
  private final List<String> dialled = new CopyOnWriteArrayList<>();

  OriginalGateway(String address, KeyStore keys) throws IOException {
    server = ScriptedBmc.start(address, keys, this::answer);
  }

  int port() {
    return server.port();
  }

  Exchange last() {
    return server.last();
  }

  int asked() {
    return server.exchanges().size();
  }

  /** What a BMC would have been asked for by sockets, headers and all. */
  List<String> dialled() {
    return dialled;
  }

  private void answer(Exchange exchange) throws IOException {
    String target = exchange.requestLine().split(" ")[1];
    if (target.startsWith("/websocket/")) {
      socket(exchange, target);
    } else {
      page(exchange, target);
    }
  }

  private static void page(Exchange exchange, String target) throws IOException {
    byte[] body = exchange.body();
    String host = one(exchange, "X-PM-Host");
    String scheme = one(exchange, "X-Forwarded-Proto");
    if (host.isEmpty()) {
      say(exchange, 400, "{\"error\":\"X-Pm-Host header missing\"}");
    } else if (!isFor(host, one(exchange, "Cookie"))) {
      say(exchange, 401, "{\"error\":\"Invalid token\"}");
    } else if (!scheme.equals("https")) {
      say(exchange, 502, "unsupported protocol scheme");
    } else {
      String url = scheme + "://" + host + ":" + one(exchange, "X-PM-Port") + target;
      exchange.ok(
          "Content-Type: text/plain\r\nStrict-Transport-Security: max-age=1\r\n"
              + "Set-Cookie: bmc=1; Domain=example.com\r\nSet-Cookie: __Host-s=stolen\r\n",
          exchange.requestLine().split(" ")[0]
              + " "
              + url
              + " as "
              + one(exchange, "X-Forwarded-Host")
              + " for "
              + one(exchange, "CF-Connecting-IP")
              + " with "
              + one(exchange, "X-PM-Token")
              + " and "
              + body.length);
    }
  }

  private void socket(Exchange exchange, String target) throws IOException {
    Matcher shape = SOCKET.matcher(target);
    if (!shape.matches()) {
      say(exchange, 404, "404 page not found");
      return;
    }
    String coded = URLDecoder.decode(shape.group(4), StandardCharsets.UTF_8);
    JsonNode json = JsonMapper.builder().build().readTree(Base64.getDecoder().decode(coded));
    Map<String, String> headers = new TreeMap<>();
    json.properties().forEach(each -> headers.put(each.getKey(), each.getValue().textValue()));
    if (!isFor(shape.group(1), headers.getOrDefault("Cookie", ""))) {
      say(exchange, 401, "{\"error\":\"Invalid token\"}");
      return;
    }
    headers.keySet().removeIf(name -> name.startsWith("Sec-WebSocket-"));
    headers.keySet().removeAll(List.of("Upgrade", "Connection"));
    // It decodes the path once, and a plus sign in a path is one.
    String path =
        URLDecoder.decode(shape.group(3).replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    dialled.add("wss://" + shape.group(1) + ":" + shape.group(2) + path + " " + headers);
    TalkingBmc.upgrade(exchange);
  }

  /** Whether the cookie of the one name that it knows holds a good token for this address. */
  private static boolean isFor(String ip, String cookies) {
    List<String> tokens =
        Arrays.stream(cookies.split(";"))
            .map(String::trim)
            .filter(pair -> pair.startsWith("pm-session="))
            .map(pair -> pair.substring("pm-session=".length()))
            .toList();
    try {
      SignedJWT token = SignedJWT.parse(tokens.get(0));
      return tokens.size() == 1
          && token.verify(new MACVerifier(Tokens.KEY.getBytes(StandardCharsets.UTF_8)))
          && token.getJWTClaimsSet().getStringClaim("ip").equals(ip)
          && token.getJWTClaimsSet().getExpirationTime().toInstant().isAfter(Instant.now());
    } catch (Exception invalid) {
      return false;
    }
  }

  private static String one(Exchange exchange, String name) {
    List<String> values = exchange.values(name);
    if (values.size() > 1) {
      throw new AssertionError(name + " is there " + values.size() + " times");
    }
    return values.isEmpty() ? "" : values.get(0);
  }

  private static void say(Exchange exchange, int status, String body) throws IOException {
    exchange.say(
        "HTTP/1.1 " + status + " No\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
