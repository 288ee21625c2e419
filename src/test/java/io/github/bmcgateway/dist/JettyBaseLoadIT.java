package io.github.bmcgateway.dist;

import java.nio.file.Path;
import java.util.Map;

/** Consoles under load in the Jetty base: by Jetty's WebSocket API. */
class JettyBaseLoadIT extends ConsolesUnderLoad {
  @Override
  Server prepare(Path folder, Map<String, String> settings) throws Exception {
    return JettyBase.unpack(folder, settings);
  }
}
