package io.github.bmcgateway.dist;

import java.nio.file.Path;
import java.util.Map;

/** The WAR as ROOT of a Tomcat 11. */
class Tomcat11IT extends GatewaySmoke {

  @Override
  Server prepare(Path folder, Map<String, String> settings) throws Exception {
    return Tomcat.prepare(11, folder, "ROOT.war", settings);
  }

  @Override
  WebSocketApi webSocketApi() {
    return WebSocketApi.TOMCAT;
  }
}
