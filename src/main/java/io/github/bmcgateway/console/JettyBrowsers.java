package io.github.bmcgateway.console;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeResponse;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;

/**
 * Browser's sockets by the WebSocket API of Jetty 12.1, EE 10. It shows frames as they are and asks
 * for each, so that no console ever holds a thread. Loaded by name only: other containers lack that
 * API. Its classes are always the container's; the WAR must not bring them.
 */
final class JettyBrowsers implements Browsers {
  private final JettyWebSocketServerContainer container;

  /** Called by name. */
  JettyBrowsers(ServletContext context) {
    this.container = JettyWebSocketServerContainer.getContainer(context);
  }

  @Override
  public void accept(
      HttpServletRequest request,
      HttpServletResponse response,
      Bridge bridge,
      Optional<String> subprotocol)
      throws Exception {
    boolean upgraded =
        container.upgrade(
            (asked, answer) -> endpoint(answer, bridge, subprotocol),
            new BareTarget(request),
            response);
    if (!upgraded) {
      throw new IllegalStateException("not taken for an upgrade");
    }
  }

  private static JettyEndpoint endpoint(
      JettyServerUpgradeResponse answer, Bridge bridge, Optional<String> subprotocol) {
    subprotocol.ifPresent(answer::setAcceptedSubProtocol);
    // Jetty would compress else: video is compressed already, and a deflater costs each console
    // more memory than all the rest of it.
    answer.setExtensions(List.of());
    return new JettyEndpoint(bridge);
  }
}
