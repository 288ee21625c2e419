package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.target.Authority;
import io.github.bmcgateway.target.PublicOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the origin under which the browser sees the gateway: scheme and host of the request, or
 * what a trusted proxy says they were. Of a list the last element counts, which the nearest proxy
 * wrote: what stands before it may be the client's invention. Immutable; safe for use by several
 * threads.
 */
final class PublicOrigins {
  private static final String HTTPS = "https";

  private final List<Cidr> trustedProxies;

  PublicOrigins(List<Cidr> trustedProxies) {
    this.trustedProxies = List.copyOf(trustedProxies);
  }

  /** The public origin; empty when the request or the proxy names none that makes sense. */
  Optional<PublicOrigin> of(HttpServletRequest request) {
    boolean trusted = isTrusted(request.getRemoteAddr());
    Optional<String> scheme =
        forwarded(request, "X-Forwarded-Proto", trusted)
            .or(() -> Optional.ofNullable(request.getScheme()))
            .flatMap(PublicOrigins::webScheme);
    Optional<Authority> authority =
        Authority.parse(
            forwarded(request, "X-Forwarded-Host", trusted).orElseGet(() -> hostOf(request)));
    if (scheme.isEmpty() || authority.isEmpty()) {
      return Optional.empty();
    }
    int port =
        authority.get().port().orElseGet(() -> forwardedPort(request, trusted, scheme.get()));
    return port < 1 || port > 65_535
        ? Optional.empty()
        : Optional.of(new PublicOrigin(scheme.get(), authority.get().host(), port));
  }

  /** The container's view of the host, which knows both {@code Host} and HTTP/2's authority. */
  private static String hostOf(HttpServletRequest request) {
    int port = request.getServerPort();
    boolean isDefault = port <= 0 || port == defaultPort(request.getScheme());
    return request.getServerName() + (isDefault ? "" : ":" + port);
  }

  private static int forwardedPort(HttpServletRequest request, boolean trusted, String scheme) {
    return forwarded(request, "X-Forwarded-Port", trusted)
        .map(port -> port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0)
        .orElseGet(() -> defaultPort(scheme));
  }

  private static Optional<String> forwarded(
      HttpServletRequest request, String name, boolean trusted) {
    if (!trusted) {
      return Optional.empty();
    }
    String all = String.join(",", Collections.list(request.getHeaders(name)));
    String last = all.substring(all.lastIndexOf(',') + 1).trim();
    return last.isEmpty() ? Optional.empty() : Optional.of(last);
  }

  /** pmproxy's edge writes {@code https:}; some proxies write {@code wss} for an upgrade. */
  private static Optional<String> webScheme(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case HTTPS, "https:", "wss" -> Optional.of(HTTPS);
      case "http", "http:", "ws" -> Optional.of("http");
      default -> Optional.empty();
    };
  }

  private boolean isTrusted(String remote) {
    return !trustedProxies.isEmpty()
        && ClientAddress.peer(remote)
            .filter(peer -> trustedProxies.stream().anyMatch(proxy -> proxy.contains(peer)))
            .isPresent();
  }

  static int defaultPort(String scheme) {
    return HTTPS.equalsIgnoreCase(scheme) ? 443 : 80;
  }
}
