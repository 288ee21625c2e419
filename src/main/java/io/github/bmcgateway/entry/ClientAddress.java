package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.IpAddresses;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the address of the client behind trusted proxies: of the hops that they tell of, the
 * rightmost that isn't one of them. What stands further left may be the client's invention.
 * Immutable; safe for use by several threads.
 */
final class ClientAddress {
  private static final String CDN_CLIENT = "CF-Connecting-IP";

  private static final String REQUEST_ID = "X-Forwarded-Request-Id";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{24}");

  private final List<Cidr> trustedProxies;
  private final List<Cidr> edges;

  ClientAddress(List<Cidr> trustedProxies) {
    this(trustedProxies, List.of());
  }

  /**
   * @param edges pmproxy edges, whose CDN names the client in a header of its own
   */
  ClientAddress(List<Cidr> trustedProxies, List<Cidr> edges) {
    this.trustedProxies = List.copyOf(trustedProxies);
    this.edges = List.copyOf(edges);
  }

  /** The client's address, in canonical form. */
  String of(HttpServletRequest request) {
    Optional<InetAddress> peer = peer(request.getRemoteAddr());
    if (peer.isEmpty()) {
      return request.getRemoteAddr();
    }
    return IpAddresses.format(client(request, peer.get()));
  }

  /** What another gateway, which is a trusted proxy, calls the request in its audit. */
  Optional<String> requestId(HttpServletRequest request) {
    return Optional.of(request.getRemoteAddr())
        .filter(remote -> !trustedProxies.isEmpty())
        .flatMap(ClientAddress::peer)
        .filter(this::isTrusted)
        .map(peer -> Browsers.values(request, REQUEST_ID))
        .filter(ids -> ids.size() == 1 && ID.matcher(ids.get(0)).matches())
        .map(ids -> ids.get(0));
  }

  private InetAddress client(HttpServletRequest request, InetAddress peer) {
    if (edges.stream().anyMatch(edge -> edge.contains(peer))) {
      List<String> told = Browsers.values(request, CDN_CLIENT);
      return told.size() == 1 ? IpAddresses.parse(told.get(0).trim()).orElse(peer) : peer;
    }
    return isTrusted(peer) ? told(request, peer) : peer;
  }

  private InetAddress told(HttpServletRequest request, InetAddress peer) {
    List<String> hops = hops(request, "X-Forwarded-For");
    // A proxy that writes no list passes it on as it came, perhaps from the client.
    List<String> all = hops.isEmpty() ? hops(request, CDN_CLIENT) : hops;
    InetAddress nearest = peer;
    for (int index = all.size() - 1; index >= 0; index--) {
      Optional<InetAddress> hop = peer(all.get(index));
      if (hop.isEmpty()) {
        return nearest;
      }
      nearest = hop.get();
      if (!isTrusted(nearest)) {
        return nearest;
      }
    }
    return nearest;
  }

  private static List<String> hops(HttpServletRequest request, String name) {
    String all = String.join(",", Browsers.values(request, name)).trim();
    return all.isEmpty() ? List.of() : List.of(all.split("\\s*,\\s*", -1));
  }

  private boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(proxy -> proxy.contains(address));
  }

  /** Containers write an IPv6 peer with brackets or a zone, which decide nothing here. */
  static Optional<InetAddress> peer(String remote) {
    int zone = remote.indexOf('%');
    String address = zone < 0 ? remote : remote.substring(0, zone);
    return IpAddresses.parse(address.replace("[", "").replace("]", ""));
  }
}
