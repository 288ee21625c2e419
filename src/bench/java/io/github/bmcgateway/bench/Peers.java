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
 * Starts the programs that are compared, each from its configuration, which for the gateway is its
 * environment.
 */
final class Peers {
  static final String GATEWAY = "gateway";
  static final String OTHER = "gateway of OTHER_BASE";
  static final String TOMCAT = "gateway on Tomcat";

  /** No peer but what stands behind them: a server of files. */
  static final String FILES = "files";

  private static final int SOCKETS_OF_A_BMC = 8;
  private static final int SESSION_SECONDS = 7200;
  private static final Path APACHE_MODULES = Path.of("/usr/lib/apache2/modules");
  private static final Path NJS = Path.of("/usr/lib/nginx/modules/ngx_http_js_module.so");

  private final Places places;
  private final Path folder;
  private final int backend;
  private final Map<String, String> settings;
  private final String javaOptions;

  /**
   * What is where.
   *
   * @param folder holds certificates and the unpacked Jetty base; logs go there
   * @param configurations of the peers, with variables in them
   */
  record Places(Path folder, Path configurations, Path jettyHome, Path tomcat) {
    /** The first arguments of a program. */
    static Places of(String... args) {
      List<Path> paths =
          Stream.of(args).limit(4).map(Path::of).map(Path::toAbsolutePath).toList();
      return new Places(paths.get(0), paths.get(1), paths.get(2), paths.get(3));
    }
  }

  /**
   * @param backend port of the BMC
   * @param settings further environment of the gateway
   */
  Peers(Places places, int backend, Map<String, String> settings) {
    this.places = places;
    this.folder = places.folder();
    this.backend = backend;
    this.settings = settings;
    this.javaOptions = Optional.ofNullable(System.getenv("GATEWAY_JAVA_OPTIONS")).orElse("-Xmx1g");
  }

  String javaOptions() {
    return javaOptions;
  }

  /** Whether nginx can check a token. */
  static boolean hasNjs() {
    return Files.exists(NJS);
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
    int port = name.equals(FILES) ? backend : freePort();
    List<String> command = new ArrayList<>(List.of("taskset", "-c", cores));
    switch (name) {
      case GATEWAY -> command.add(folder.resolve("jetty-base/bin/bmc-gateway").toString());
      case OTHER -> command.add(System.getenv("OTHER_BASE") + "/bin/bmc-gateway");
      case TOMCAT -> command.addAll(tomcat(port));
      case FILES -> command.addAll(List.of("nginx", "-c", configure("files.conf", port)));
      case "nginx" -> command.addAll(List.of("nginx", "-c", configure("nginx.conf", port)));
      case "haproxy" -> command.addAll(List.of("haproxy", "-f", configure("haproxy.cfg", port)));
      case "apache" ->
          command.addAll(List.of("apache2", "-DFOREGROUND", "-f", configure("apache.conf", port)));
      default -> throw new IllegalArgumentException(name);
    }
    Path log = folder.resolve(name.replace(' ', '-') + ".log");
    Map<String, String> environment = environment(port);
    Path config = places.configurations().resolve("config");
    if (Files.exists(config) && name.startsWith(GATEWAY)) {
      Path copy = folder.resolve("config of " + name);
      Path base = Path.of(command.get(command.size() - 1)).getParent().getParent();
      environment.put("BMC_GATEWAY_CONFIG", OwnConfig.copy(config, copy, base).toString());
    }
    return Peer.start(name, port, log, environment, command);
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
    both.put("JETTY_HOME", places.jettyHome().toString());
    both.put("JAVA_OPTIONS", javaOptions);
    both.put("LISTEN", "127.0.0.1:" + port);
    both.put("CERT_PATH", folder.resolve("front.crt").toString());
    both.put("KEY_PATH", folder.resolve("front.key").toString());
    both.put("CATALINA_HOME", places.tomcat().toString());
    both.put("CATALINA_BASE", folder.resolve("tomcat").toString());
    both.put("CATALINA_OPTS", javaOptions);
    both.putAll(settings);
    return both;
  }

  private List<String> tomcat(int port) throws IOException {
    Path base = folder.resolve("tomcat");
    for (String sub : List.of("conf", "logs", "temp", "webapps", "work")) {
      Files.createDirectories(base.resolve(sub));
    }
    Files.writeString(base.resolve("conf/server.xml"), configuration("tomcat.xml", port));
    link(base.resolve("conf/web.xml"), places.tomcat().resolve("conf/web.xml"));
    link(base.resolve("webapps/ROOT.war"), folder.resolve("jetty-base/webapps/ROOT.war"));
    return List.of("sh", places.tomcat().resolve("bin/catalina.sh").toString(), "run");
  }

  private static void link(Path link, Path to) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, to);
  }

  private String configure(String file, int port) throws IOException {
    return Files.writeString(folder.resolve(file), configuration(file, port)).toString();
  }

  private String configuration(String file, int port) throws IOException {
    return Files.readString(places.configurations().resolve(file))
        .replace("${port}", Integer.toString(port))
        .replace("${backend}", Integer.toString(backend))
        .replace("${folder}", folder.toString())
        .replace("${configurations}", places.configurations().toString())
        .replace("${modules}", APACHE_MODULES.toString())
        .replace("${key}", Tokens.KEY)
        .replace(hasNjs() ? "#njs " : "${njs}", "")
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
