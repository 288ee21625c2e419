package io.github.bmcgateway.bench;

import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Starts the programs that are compared, each from its configuration in {@code src/bench/consoles}
 * and in a folder of its own.
 */
final class Peers {
  static final String GATEWAY = "gateway";
  static final String OTHER = "gateway of OTHER_BASE";
  static final String TOMCAT = "gateway on Tomcat";
  private static final int SOCKETS_OF_A_BMC = 8;
  private static final int SESSION_SECONDS = 7200;
  private static final Path APACHE_MODULES = Path.of("/usr/lib/apache2/modules");

  private final Path folder;
  private final Path configurations;
  private final Path jettyHome;
  private final Path tomcat;
  private final int backend;
  private final String javaOptions;

  /**
   * @param folder holds certificates and the unpacked Jetty base; logs go there
   * @param backend port of the echoing BMC
   */
  Peers(Path folder, Path configurations, Path jettyHome, Path tomcat, int backend) {
    this.folder = folder.toAbsolutePath();
    this.configurations = configurations;
    this.jettyHome = jettyHome.toAbsolutePath();
    this.tomcat = tomcat.toAbsolutePath();
    this.backend = backend;
    this.javaOptions = Optional.ofNullable(System.getenv("GATEWAY_JAVA_OPTIONS")).orElse("-Xmx1g");
  }

  String javaOptions() {
    return javaOptions;
  }

  /** Those that are installed, in the order in which they are compared. */
  static List<String> installed() {
    List<String> names = new ArrayList<>(List.of("direct", GATEWAY, "nginx", "haproxy"));
    if (System.getenv("OTHER_BASE") != null) {
      names.add(2, OTHER);
    }
    if (Files.exists(APACHE_MODULES.resolve("mod_proxy_wstunnel.so"))) {
      names.add("apache");
    }
    return names;
  }

  /** Starts one, on the cores of a list as {@code taskset} takes it. */
  Peer start(String name, String cores) throws Exception {
    int port = freePort();
    List<String> command = new ArrayList<>(List.of("taskset", "-c", cores));
    switch (name) {
      case GATEWAY -> command.add(folder.resolve("jetty-base/bin/bmc-gateway").toString());
      case OTHER -> command.add(System.getenv("OTHER_BASE") + "/bin/bmc-gateway");
      case TOMCAT -> command.addAll(tomcat(port));
      case "nginx" -> command.addAll(List.of("nginx", "-c", configure("nginx.conf", port)));
      case "haproxy" -> command.addAll(List.of("haproxy", "-f", configure("haproxy.cfg", port)));
      case "apache" ->
          command.addAll(List.of("apache2", "-DFOREGROUND", "-f", configure("apache.conf", port)));
      default -> throw new IllegalArgumentException(name);
    }
    Path log = folder.resolve(name.replace(' ', '-') + ".log");
    return Peer.start(name, port, log, environment(port), command);
  }

  /** Starts the BMC on the first core. */
  Peer startBackend() throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "taskset",
            "-c",
            "0",
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx3g",
            "-XX:+UseParallelGC",
            "-cp",
            System.getProperty("java.class.path"),
            EchoBackend.class.getName(),
            Integer.toString(backend),
            folder.resolve("back.p12").toString());
    return Peer.start("backend", backend, folder.resolve("backend.log"), Map.of(), command);
  }

  /** The session cookies: of many BMCs' sessions, so that no limit of a BMC or session counts. */
  IntFunction<String> cookies() {
    List<String> made = new ArrayList<>();
    return n -> {
      int bmc = n / SOCKETS_OF_A_BMC;
      while (made.size() <= bmc) {
        String ip = "127.1." + made.size() / 250 + "." + (1 + made.size() % 250);
        made.add(
            "pm-session="
                + Tokens.mint(
                    backend,
                    SESSION_SECONDS,
                    claims -> claims.claim("ip", ip).claim("vendor", "generic")));
      }
      return made.get(bmc);
    };
  }

  private Map<String, String> environment(int port) {
    Map<String, String> both = new HashMap<>();
    both.put("JWT_KEY", Tokens.KEY);
    both.put("BMC_NETWORKS", "127.0.0.0/8");
    both.put("BMC_PORTS", Integer.toString(backend));
    both.put("JETTY_HOME", jettyHome.toString());
    both.put("JAVA_OPTIONS", javaOptions);
    both.put("LISTEN", "127.0.0.1:" + port);
    both.put("CERT_PATH", folder.resolve("front.crt").toString());
    both.put("KEY_PATH", folder.resolve("front.key").toString());
    both.put("CATALINA_HOME", tomcat.toString());
    both.put("CATALINA_BASE", folder.resolve("tomcat").toString());
    both.put("CATALINA_OPTS", javaOptions);
    return both;
  }

  private List<String> tomcat(int port) throws IOException {
    Path base = folder.resolve("tomcat");
    for (String sub : List.of("conf", "logs", "temp", "webapps", "work")) {
      Files.createDirectories(base.resolve(sub));
    }
    Files.writeString(base.resolve("conf/server.xml"), configuration("tomcat.xml", port));
    link(base.resolve("conf/web.xml"), tomcat.resolve("conf/web.xml"));
    link(base.resolve("webapps/ROOT.war"), folder.resolve("jetty-base/webapps/ROOT.war"));
    return List.of("sh", tomcat.resolve("bin/catalina.sh").toString(), "run");
  }

  private static void link(Path link, Path to) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, to);
  }

  private String configure(String file, int port) throws IOException {
    return Files.writeString(folder.resolve(file), configuration(file, port)).toString();
  }

  private String configuration(String file, int port) throws IOException {
    return Files.readString(configurations.resolve(file))
        .replace("${port}", Integer.toString(port))
        .replace("${backend}", Integer.toString(backend))
        .replace("${folder}", folder.toString())
        .replace("${modules}", APACHE_MODULES.toString())
        .replace("${files}", Long.toString(openFiles()))
        .replace("${consoles}", Long.toString((openFiles() - 200) / 2));
  }

  /** How many files a process may have open here. */
  static long openFiles() throws IOException {
    try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
      return limits
          .filter(line -> line.startsWith("Max open files"))
          .mapToLong(line -> Long.parseLong(line.split(" {2,}")[1].trim()))
          .findFirst()
          .orElseThrow();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }
}
