package io.github.bmcgateway.dist;

import java.nio.file.Path;
import java.util.Map;

/** Consoles under load in Tomcat 11: by {@code jakarta.websocket}. */
class Tomcat11LoadIT extends ConsolesUnderLoad {
  @Override
  Server prepare(Path folder, Map<String, String> settings) throws Exception {
    return Tomcat.prepare(11, folder, "ROOT.war", settings);
  }
}
