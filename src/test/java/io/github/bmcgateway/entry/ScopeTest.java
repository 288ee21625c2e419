package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a token's scope lets through to the BMC. */
class ScopeTest {
  private static final String UPGRADE =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String ACME =
      "{title: Acme, detect: [{path: /, status: 200, body: acme, anywhere: true}],"
          + " scopes: {read: ['GET /seen'], console: ['SOCKET /kvm']}}";

  private ScriptedBmc bmc;
  private GatewayFixture gateway;
  private Optional<RawClient> client = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    bmc = ScriptedBmc.start(exchange -> exchange.ok("", "acme"));
    gateway = GatewayFixture.builder(bmc.port()).vendor("acme", ACME).start();
  }

  @AfterEach
  void stop() throws Exception {
    closeClient();
    gateway.close();
    bmc.close();
  }

  @Test
  void whatTheRulesSayGoesThroughAndNothingElse() throws Exception {
    String cookie = cookie("acme", "!GET /a/secret", "GET,POST /a/*");
    assertEquals(200, request("GET", "/a/b?../x", cookie).status());
    assertEquals(200, request("POST", "/a/b", cookie + "Content-Length: 0\r\n").status());
    int before = bmc.exchanges().size();
    for (String method : List.of("HEAD", "PUT", "DELETE", "OPTIONS", "get", "PROPFIND", "SOCKET")) {
      assertEquals(403, request(method, "/a/b", cookie).status(), method);
    }
    for (String path : List.of("/", "/a", "/a/", "/a/b/c", "/A/b", "/a/secret", "/a/SECRET")) {
      Answer answer = request("GET", path, cookie);
      assertEquals(403, answer.status(), path);
      assertTrue(answer.text().contains("\"error\":\"scope_denied\""), answer.text());
    }
    assertEquals(before, bmc.exchanges().size());
  }

  @Test
  void aPathThatServersReadDifferentlyIsMalformed() throws Exception {
    String cookie = cookie("acme", "GET,SOCKET /**");
    for (String path :
        List.of(
            "/a/./b", "/a/../b", "/a//b", "//a", "/a;b", "/a%2eb", "/a%2Fb", "/a%5cb", "/a%252f",
            "/%ff", "/a%3bb", "/a%3fb", "/a%")) {
      assertEquals(400, request("GET", path, cookie).status(), path);
      assertEquals(400, request("GET", path, cookie + UPGRADE).status(), path);
    }
    assertEquals(List.of(), bmc.exchanges());
  }

  @Test
  void withoutAScopeSuchPathsGoThrough() throws Exception {
    String cookie = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "acme") + "\r\n";
    assertEquals(200, request("GET", "/a//b;c/%2e%2f", cookie).status());
    assertEquals("GET /a//b;c/%2e%2f HTTP/1.1", bmc.last().requestLine());
  }

  @Test
  void anEmptyScopePermitsNothing() throws Exception {
    assertEquals(403, request("GET", "/", cookie("acme")).status());
    assertEquals(List.of(), bmc.exchanges());
  }

  @Test
  void anUpgradeIsOnlyPermittedAsSocket() throws Exception {
    String pages = cookie("acme", "GET,HEAD,POST /**");
    assertEquals(403, request("GET", "/kvm", pages + UPGRADE).status());
    String half = "Upgrade: foo, WebSocket\r\nConnection: Upgrade\r\n";
    assertEquals(403, request("GET", "/kvm", pages + half).status());
    assertEquals(403, request("POST", "/kvm", pages + half + "Content-Length: 0\r\n").status());
    assertEquals(List.of(), bmc.exchanges());
    String sockets = cookie("acme", "SOCKET /**");
    assertEquals(403, request("GET", "/kvm", sockets).status());
    assertEquals(400, request("GET", "/kvm", sockets + half).status());
    assertEquals(
        403,
        request("GET", "/kvm", sockets + "Upgrade: websockets\r\nConnection: Upgrade\r\n")
            .status());
    assertEquals(List.of(), bmc.exchanges());
    request("GET", "/kvm", sockets + UPGRADE);
    assertEquals("GET /kvm HTTP/1.1", bmc.last().requestLine());
    assertEquals(List.of("websocket"), bmc.last().values("Upgrade"));
  }

  @Test
  void aNameIsTheVendorsAndMatchesNothingForNone() throws Exception {
    assertEquals(200, request("GET", "/seen", cookie("acme", "read")).status());
    assertEquals(403, request("GET", "/kvm", cookie("acme", "read") + UPGRADE).status());
    assertEquals(403, request("GET", "/seen", cookie("generic", "read", "console")).status());
    assertEquals(200, request("GET", "/seen", cookie("generic", "read", "GET /seen")).status());
    assertEquals(2, bmc.exchanges().size());
  }

  @Test
  void theVendorIsFoundOutWhereItDecidesAndOnlyThere() throws Exception {
    assertEquals(403, request("GET", "/seen", cookie(null, "GET /other")).status());
    assertEquals(400, request("GET", "/seen/../x", cookie(null, "read")).status());
    assertEquals(List.of(), bmc.exchanges());
    assertEquals(403, request("GET", "/other", cookie(null, "read")).status());
    assertFalse(bmc.exchanges().stream().anyMatch(e -> e.requestLine().contains("/other")));
    assertEquals(200, request("GET", "/seen", cookie(null, "read")).status());
    assertEquals("GET /seen HTTP/1.1", bmc.last().requestLine());
  }

  @Test
  void aScopeThatCannotBeReadMakesTheTokenInvalid() throws Exception {
    Answer answer = request("GET", "/", cookie("acme", "GET /**", "everything"));
    assertEquals(401, answer.status());
    assertTrue(answer.text().contains("invalid_token"), answer.text());
  }

  @Test
  void theSessionTellsItsScope() throws Exception {
    String cookie = cookie("acme", "!GET /a", "read", "console");
    String session = request("GET", "/.gateway/session", cookie).text();
    assertTrue(session.endsWith("\"scope\":[\"!GET /a\",\"read\",\"console\"]}"), session);
    String page = request("GET", "/.gateway/", cookie + "Accept: text/html\r\n").text();
    assertTrue(
        page.contains("<dt>This link is limited to</dt><dd>read, console, single pages</dd>"),
        page);
    String whole = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "acme") + "\r\n";
    assertFalse(request("GET", "/.gateway/", whole).text().contains("limited"));
    assertTrue(request("GET", "/.gateway/session", whole).text().endsWith("\"scope\":null}"));
  }

  @Test
  void aMethodInDisguiseDoesNotArrive() throws Exception {
    String cookie = cookie("acme", "POST /a");
    String disguises =
        "X-HTTP-Method: DELETE\r\nX-HTTP-Method-Override: DELETE\r\nX_HTTP_Method: DELETE\r\n"
            + "X-Method-Override: DELETE\r\nX-Original-URL: /b\r\n";
    assertEquals(200, request("POST", "/a", cookie + disguises + "Content-Length: 0\r\n").status());
    assertFalse(bmc.last().head().contains("DELETE"), bmc.last().head());
    assertFalse(bmc.last().head().contains("/b"), bmc.last().head());
  }

  private String cookie(@Nullable String vendor, String... scope) {
    String token =
        Tokens.mint(
            bmc.port(),
            1800,
            claims -> {
              claims.claim("scope", List.of(scope));
              Optional.ofNullable(vendor).ifPresent(name -> claims.claim("vendor", name));
            });
    return "Cookie: pm-session=" + token + "\r\n";
  }

  private Answer request(String method, String target, String headers) throws Exception {
    if (client.isEmpty()) {
      client = Optional.of(new RawClient(gateway.port()));
    }
    Answer answer = client.get().request(method, target, headers);
    if (answer.status() == 400 || answer.has("Connection") || headers.contains("Upgrade")) {
      closeClient();
    }
    return answer;
  }

  private void closeClient() throws Exception {
    if (client.isPresent()) {
      client.get().close();
    }
    client = Optional.empty();
  }
}
