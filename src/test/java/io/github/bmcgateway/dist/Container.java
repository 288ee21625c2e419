package io.github.bmcgateway.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the gateway runs in, each as its page describes it. */
enum Container {
  JETTY_BASE("Jetty base") {
    @Override
    Server prepare(Path folder, Map<String, String> settings) throws Exception {
      return JettyBase.unpack(folder, settings);
    }
  },
  OWN_JETTY("own Jetty 12.1") {
    @Override
    Server prepare(Path folder, Map<String, String> settings) throws Exception {
      String modules = "https,ssl-reload,graceful,ee10-deploy,ee10-websocket-jetty";
      OwnJetty jetty = OwnJetty.prepare(folder, modules, settings);
      Files.writeString(folder.resolve("start.d/deploy.ini"), "jetty.deploy.scanInterval=1\n");
      return jetty;
    }
  },
  TOMCAT_10("Tomcat 10.1") {
    @Override
    Server prepare(Path folder, Map<String, String> settings) throws Exception {
      return tomcat(10, folder, settings);
    }
  },
  TOMCAT_11("Tomcat 11") {
    @Override
    Server prepare(Path folder, Map<String, String> settings) throws Exception {
      return tomcat(11, folder, settings);
    }
  };

  /**
   * Takes up a renewed pair, as {@code run-tomcat.md} has it; here at once, and however long the
   * certificate in use is still valid.
   */
  private static final String RENEWAL =
      """
      <Listener className="org.apache.catalina.security.TLSCertificateReloadListener"
                checkPeriod="1" daysBefore="1000"/>
      """;

  private final String title;

  Container(String title) {
    this.title = title;
  }

  /** Its name for a reader. */
  String title() {
    return title;
  }

  /**
   * Lays it out with these settings, not yet started. It takes up a renewed certificate and, unless
   * it is the Jetty base, another WAR within seconds.
   */
  abstract Server prepare(Path folder, Map<String, String> settings) throws Exception;

  private static Server tomcat(int major, Path folder, Map<String, String> settings)
      throws IOException {
    Server tomcat = Tomcat.prepare(major, folder, "ROOT.war", settings);
    Path file = folder.resolve("conf/server.xml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("<Server ", "<Server periodicEventDelay=\"1\" ")
            .replace("<Service ", RENEWAL + "<Service ")
            .replace("<Engine ", "<Engine backgroundProcessorDelay=\"1\" "));
    return tomcat;
  }
}
