package io.github.bmcgateway.dist;

import java.nio.file.Path;
import java.util.Map;

/** The WAR as ROOT of an operator's own Jetty 12.1 that has only {@code jakarta.websocket}. */
class OwnJettyIT extends GatewaySmoke {

  @Override
  Server prepare(Path folder, Map<String, String> settings) throws Exception {
    return OwnJetty.prepare(folder, "https,ee10-deploy,ee10-websocket-jakarta", settings);
  }

  @Override
  WebSocketApi webSocketApi() {
    return WebSocketApi.JAKARTA_ON_JETTY;
  }
}
