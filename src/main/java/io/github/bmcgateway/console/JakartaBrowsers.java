package io.github.bmcgateway.console;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Browser's sockets by {@code jakarta.websocket}, which Tomcat and Jetty both have. Loaded by name
 * only: a Jetty without its WebSocket module lacks that API, and a class that links to it would
 * keep the whole gateway from starting.
 */
final class JakartaBrowsers implements Browsers {
  /** Name of the context attribute that holds the container's WebSocket API, if it has one. */
  private static final String CONTAINER = ServerContainer.class.getName();

  private final ServerContainer container;
  private final Sender sender;

  /** Called by name. */
  JakartaBrowsers(ServletContext context, Sender sender) {
    this.container = (ServerContainer) context.getAttribute(CONTAINER);
    this.sender = sender;
  }

  @Override
  public void accept(
      HttpServletRequest request,
      HttpServletResponse response,
      Bridge bridge,
      Optional<String> subprotocol)
      throws Exception {
    BridgeEndpoint endpoint = new BridgeEndpoint(bridge, sender);
    ServerEndpointConfig config =
        ServerEndpointConfig.Builder.create(BridgeEndpoint.class, "/")
            .subprotocols(subprotocol.map(List::of).orElseGet(List::of))
            .configurator(new OneConsole(endpoint, subprotocol.orElse("")))
            .build();
    config.getUserProperties().putAll(BridgeEndpoint.CONTAINER_PROPERTIES);
    container.upgradeHttpToWebSocket(new BareTarget(request), response, config, Map.of());
  }

  /** Every answer of the handshake is fixed beforehand: by the BMC and by the entry's checks. */
  private static final class OneConsole extends ServerEndpointConfig.Configurator {
    private final BridgeEndpoint endpoint;
    private final String subprotocol;

    OneConsole(BridgeEndpoint endpoint, String subprotocol) {
      this.endpoint = endpoint;
      this.subprotocol = subprotocol;
    }

    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
      return subprotocol;
    }

    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      return List.of();
    }

    @Override
    public boolean checkOrigin(String origin) {
      return true;
    }

    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {}

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(endpoint);
    }
  }
}
