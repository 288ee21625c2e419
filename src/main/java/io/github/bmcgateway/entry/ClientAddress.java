package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.IpAddresses;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Finds the address of the client behind trusted proxies: of the hops that they tell of, the
 * rightmost that isn't one of them. What stands further left may be the client's invention.
 * Immutable; safe for use by several threads.
 */
final class ClientAddress {
  private final List<Cidr> trustedProxies;

  ClientAddress(List<Cidr> trustedProxies) {
    this.trustedProxies = List.copyOf(trustedProxies);
  }

  /** The client's address, in canonical form. */
  String of(HttpServletRequest request) {
    Optional<InetAddress> peer = peer(request.getRemoteAddr());
    if (peer.isEmpty()) {
      return request.getRemoteAddr();
    }
    return IpAddresses.format(isTrusted(peer.get()) ? told(request, peer.get()) : peer.get());
  }

  private InetAddress told(HttpServletRequest request, InetAddress peer) {
    List<String> hops = hops(request, "X-Forwarded-For");
    // A proxy that writes no list passes it on as it came, perhaps from the client.
    List<String> all = hops.isEmpty() ? hops(request, "CF-Connecting-IP") : hops;
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
    return IpAddresses.parse(remote.replaceAll("[\\[\\]]|%.*", ""));
  }
}
