package io.github.bmcgateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.Authority;
import io.github.bmcgateway.target.BmcAddress;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Typed access to the claims of a token whose signature is good. A claim that is present has to be
 * of its type and in range: nothing is taken for absent because it can't be read, {@code null}
 * included.
 */
final class Claims {
  private static final int HTTPS_PORT = 443;
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private final ObjectNode claims;

  Claims(ObjectNode claims) {
    this.claims = claims;
  }

  /** The whole grant; {@code id} is the token's identifier. */
  Grant toGrant(String id, AudienceRule rule) throws InvalidTokenException {
    List<String> audience = audience();
    Optional<List<String>> hosts = rule.hosts(audience);
    Grant grant = grant(id, hosts.orElse(audience));
    if (hosts.isEmpty()) {
      throw new InvalidTokenException(TokenResult.Reason.AUDIENCE, grant);
    }
    return grant;
  }

  private Grant grant(String id, List<String> audience) throws InvalidTokenException {
    return new Grant(
        address(),
        port("port").isPresent(),
        port("console_port"),
        string("vendor"),
        string("upstream"),
        instant("exp").orElseThrow(Claims::bad),
        worksOnce(),
        instant("iat"),
        string("sub"),
        string("jti"),
        audience,
        scope(),
        id);
  }

  Optional<String> string(String name) throws InvalidTokenException {
    Optional<JsonNode> claim = claim(name);
    if (claim.isPresent() && !claim.get().isTextual()) {
      throw bad();
    }
    return claim.map(JsonNode::textValue);
  }

  /** A NumericDate (RFC 7519, section 2), which may have a fraction. */
  Optional<Instant> instant(String name) throws InvalidTokenException {
    Optional<JsonNode> claim = claim(name);
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    JsonNode date = claim.get();
    double seconds = date.doubleValue();
    if (!date.isNumber() || !(seconds >= 0 && seconds <= LAST_SECOND)) {
      throw bad();
    }
    return Optional.of(
        date.isIntegralNumber()
            ? Instant.ofEpochSecond(date.longValue())
            : Instant.ofEpochMilli((long) (seconds * 1000)));
  }

  private BmcAddress address() throws InvalidTokenException {
    InetAddress ip = string("ip").flatMap(IpAddresses::parse).orElseThrow(Claims::bad);
    Optional<String> host = string("host");
    if (host.isPresent() && Authority.parse(host.get()).isEmpty()) {
      throw bad();
    }
    return new BmcAddress(ip, port("port").orElse(HTTPS_PORT), host);
  }

  private Optional<Integer> port(String name) throws InvalidTokenException {
    Optional<JsonNode> claim = claim(name);
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    int port = claim.get().isInt() ? claim.get().intValue() : 0;
    if (port < 1 || port > 65_535) {
      throw bad();
    }
    return Optional.of(port);
  }

  private List<String> audience() throws InvalidTokenException {
    Optional<JsonNode> claim = claim("aud");
    if (claim.isEmpty()) {
      return List.of();
    }
    if (claim.get().isTextual()) {
      return List.of(claim.get().textValue());
    }
    List<String> hosts = new ArrayList<>();
    for (JsonNode host : claim.get()) {
      if (!host.isTextual()) {
        throw bad();
      }
      hosts.add(host.textValue());
    }
    // An empty array, or what isn't one, names no host: that isn't the same as any host.
    if (hosts.isEmpty() || !claim.get().isArray()) {
      throw bad();
    }
    return hosts;
  }

  /** One that can't be read permits nothing; that isn't the same as none. */
  private Optional<Scope> scope() throws InvalidTokenException {
    Optional<JsonNode> claim = claim("scope");
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    List<String> entries = new ArrayList<>();
    for (JsonNode entry : claim.get()) {
      entries.add(Optional.ofNullable(entry.textValue()).orElseThrow(Claims::bad));
    }
    if (!claim.get().isArray()) {
      throw bad();
    }
    try {
      return Optional.of(Scope.of(entries));
    } catch (IllegalArgumentException e) {
      throw bad();
    }
  }

  private boolean worksOnce() throws InvalidTokenException {
    Optional<JsonNode> once = claim("once");
    if (once.isPresent() && !once.get().isBoolean()) {
      throw bad();
    }
    return once.isPresent() && once.get().booleanValue();
  }

  private Optional<JsonNode> claim(String name) {
    return Optional.ofNullable(claims.get(name));
  }

  private static InvalidTokenException bad() {
    return new InvalidTokenException(TokenResult.Reason.CLAIM);
  }
}
