package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.FailurePages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;

/** What a request says about what the browser is doing. */
final class Browsers {
  private Browsers() {}

  /** Whether it asks for another protocol: HTTP/1.1's way, or HTTP/2's (RFC 8441). */
  static boolean isUpgrade(HttpServletRequest request) {
    return request.getHeader("Upgrade") != null || isExtendedConnect(request);
  }

  /**
   * Whether a {@code CONNECT} is an extended one. The servlet API doesn't show {@code :protocol};
   * but a plain {@code CONNECT} has neither a path (RFC 9113, section 8.5), though Jetty lets one
   * with a path through, nor the header that every WebSocket handshake carries, and containers let
   * no other protocol than WebSocket through.
   */
  static boolean isExtendedConnect(HttpServletRequest request) {
    String path = request.getRequestURI();
    return "CONNECT".equals(request.getMethod())
        && request.getProtocol().startsWith("HTTP/2")
        && path != null
        && path.startsWith("/")
        && request.getHeader("Sec-WebSocket-Version") != null;
  }

  static boolean isRead(HttpServletRequest request) {
    return "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
  }

  /** Whether the answer becomes a page of its own, in a tab or a frame. */
  static boolean isNavigation(HttpServletRequest request) {
    String mode = request.getHeader("Sec-Fetch-Mode");
    return mode == null ? FailurePages.wantsHtml(request) : "navigate".equals(mode);
  }

  /**
   * Whether it fetches a service worker's script: one that was registered by a page of BMC A would
   * rule over BMC B under the same public host.
   */
  static boolean isServiceWorker(HttpServletRequest request) {
    return has(request, "Service-Worker", "script")
        || has(request, "Sec-Fetch-Dest", "serviceworker");
  }

  static List<String> values(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }

  private static boolean has(HttpServletRequest request, String name, String value) {
    return values(request, name).stream().anyMatch(text -> text.trim().equalsIgnoreCase(value));
  }
}
