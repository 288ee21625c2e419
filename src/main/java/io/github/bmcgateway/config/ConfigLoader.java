package io.github.bmcgateway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Loads the settings from the environment and from {@code gateway.yaml} in the folder that {@code
 * BMC_GATEWAY_CONFIG} names; the environment wins. Everything is checked and everything that is
 * wrong is told at once. Safe for use by several threads.
 */
public final class ConfigLoader {
  /** Names the folder of {@code gateway.yaml}. */
  public static final String FOLDER = "BMC_GATEWAY_CONFIG";

  /** Where the audit goes when no setting says so: the Jetty base's start script sets it. */
  private static final String AUDIT_LOG_DEFAULT = "AUDIT_LOG_DEFAULT";

  private static final String LOG_CATEGORY = "log";
  static final String PROFILES = "vendors";

  private final Function<String, Optional<String>> lookup;

  /**
   * A loader that asks {@code lookup} for environment variables and for {@link #FOLDER}; {@link
   * #system} makes the usual one.
   */
  public ConfigLoader(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /**
   * Looks in the process's environment; for {@link #FOLDER} then among the system properties, and
   * then in {@code parameters}, such as a servlet context's.
   */
  public static Function<String, Optional<String>> system(
      Function<String, Optional<String>> parameters) {
    return name -> {
      Optional<String> variable = Optional.ofNullable(System.getenv(name));
      return name.equals(FOLDER)
          ? variable
              .or(() -> Optional.ofNullable(System.getProperty(name)))
              .or(() -> parameters.apply(name))
          : variable;
    };
  }

  /**
   * Reads and checks all settings of the web application.
   *
   * @throws ConfigException with everything that is wrong
   */
  public GatewayConfig load() throws ConfigException {
    return load(reader -> {});
  }

  /**
   * Does what {@link #load()} does and also checks the settings of the Jetty base's connector,
   * where they are set; relative paths are taken from the current folder.
   *
   * @throws ConfigException with everything that is wrong
   */
  public GatewayConfig loadWithConnector() throws ConfigException {
    return load(ConfigLoader::checkConnector);
  }

  private GatewayConfig load(Consumer<SettingsReader> more) throws ConfigException {
    Problems problems = new Problems();
    Map<Setting, SettingText> file =
        lookup.apply(FOLDER).map(folder -> SettingsFile.read(folder, problems)).orElse(Map.of());
    SettingsReader reader =
        new SettingsReader(new SettingsSource(lookup, file, problems), problems);
    GatewayConfig config = read(reader);
    requireKey(config.token(), problems);
    if (config.admin().key().filter(config.token().keys()::contains).isPresent()) {
      reader.refuse(Setting.ADMIN_KEY, "the key is also a token key");
    }
    more.accept(reader);
    if (!problems.messages().isEmpty()) {
      throw new ConfigException(problems.messages());
    }
    return config;
  }

  private static void checkConnector(SettingsReader reader) {
    reader.optional(Setting.LISTEN, Parsers::listenAddress);
    reader.optional(Setting.CERT_PATH, text -> Parsers.pem(text, "CERTIFICATE"));
    reader.optional(Setting.KEY_PATH, text -> Parsers.pem(text, "PRIVATE KEY"));
  }

  private static void requireKey(GatewayConfig.Token token, Problems problems) {
    boolean explained = problems.concern(Setting.TOKEN_KEY) || problems.concern(Setting.TOKEN_JWKS);
    if (token.keys().isEmpty() && token.jwks().isEmpty() && !explained) {
      problems.add(
          "token.key: required unless token.jwks is set. Set the environment variable JWT_KEY or"
              + " JWT_KEY_FILE, or token.key in gateway.yaml. Accepted: "
              + Setting.TOKEN_KEY.accepted()
              + ".");
    }
  }

  private GatewayConfig read(SettingsReader reader) {
    return new GatewayConfig(
        token(reader),
        session(reader),
        bmc(reader, folder()),
        new GatewayConfig.Gateway(
            reader.list(Setting.GATEWAY_TRUSTED_PROXIES, Parsers::network),
            reader.list(Setting.GATEWAY_TRUSTED_EDGES, Parsers::network),
            relay(reader),
            reader.optional(Setting.SHARED_REDIS, RedisAddress::parse)),
        limits(reader),
        proxy(reader),
        new GatewayConfig.Shutdown(
            reader.value(
                Setting.SHUTDOWN_DRAIN, Parsers.duration(Duration.ZERO, Duration.ofSeconds(10)))),
        admin(reader),
        new GatewayConfig.Ops(auditLog(reader), metricsAllow(reader)));
  }

  private static List<Cidr> metricsAllow(SettingsReader reader) {
    return reader.listOrDefault(Setting.OPS_METRICS_ALLOW, Parsers::networksOrLoopback).stream()
        .flatMap(List::stream)
        .toList();
  }

  private static GatewayConfig.Relay relay(SettingsReader reader) {
    return new GatewayConfig.Relay(
        reader.list(Setting.GATEWAY_NAME, UpstreamPattern::ownName),
        reader.list(Setting.GATEWAY_UPSTREAMS, UpstreamPattern::parse),
        reader.value(Setting.GATEWAY_PROXY_PORT, Parsers::port),
        reader.optional(Setting.UPSTREAM_CA, UpstreamPattern::authorities));
  }

  private Optional<Path> auditLog(SettingsReader reader) {
    return reader
        .optional(Setting.OPS_AUDIT_LOG, ConfigLoader::auditPlace)
        .or(() -> lookup.apply(AUDIT_LOG_DEFAULT))
        .filter(place -> !place.equals(LOG_CATEGORY))
        .map(Path::of);
  }

  private static String auditPlace(String text) throws BadValueException {
    return text.equals(LOG_CATEGORY) ? text : Parsers.ownFile(text).toString();
  }

  private static GatewayConfig.Admin admin(SettingsReader reader) {
    return new GatewayConfig.Admin(
        reader.optional(Setting.ADMIN_KEY, Parsers::key),
        reader.optional(Setting.REVOCATION_FILE, Parsers::ownFile));
  }

  private GatewayConfig.Token token(SettingsReader reader) {
    return new GatewayConfig.Token(
        reader.list(Setting.TOKEN_KEY, Parsers::key),
        keyFile(),
        reader.optional(Setting.TOKEN_JWKS, Parsers::jwkSet),
        reader.optional(Setting.TOKEN_AUDIENCE, Parsers::printable),
        reader.optional(Setting.TOKEN_ISSUER, Parsers::printable),
        reader.value(
            Setting.TOKEN_MAX_LIFETIME,
            Parsers.duration(Duration.ofMinutes(1), Duration.ofDays(365))));
  }

  /** Whether the file can be read, and is the only source, is found when the secrets are. */
  private Optional<KeyFile> keyFile() {
    try {
      return lookup.apply(SettingsSource.fileVariable("JWT_KEY")).map(Path::of).map(KeyFile::new);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static GatewayConfig.Session session(SettingsReader reader) {
    return new GatewayConfig.Session(
        reader.value(Setting.SESSION_COOKIE, Parsers::cookieName),
        reader.value(Setting.SESSION_PATH, Parsers::sessionPath),
        reader.list(Setting.SESSION_PUBLIC_HOSTS, Parsers::hostPattern));
  }

  /** Whether the folder is one, and what its files say, is found when they are read. */
  private Optional<Path> folder() {
    try {
      return lookup.apply(FOLDER).map(Path::of);
    } catch (InvalidPathException e) {
      // Told already: it holds no settings either.
      return Optional.empty();
    }
  }

  private static GatewayConfig.Bmc bmc(SettingsReader reader, Optional<Path> folder) {
    List<Cidr> networks = reader.listOrDefault(Setting.BMC_NETWORKS, Parsers::network);
    List<Integer> ports = reader.list(Setting.BMC_PORTS, Parsers::port);
    Overrides overrides = overrides(reader);
    return new GatewayConfig.Bmc(
        new Networks(networks),
        Set.copyOf(ports),
        overrides,
        folder.map(own -> own.resolve(PROFILES)).filter(Files::exists),
        TrustSettings.read(reader, overrides, folder));
  }

  private static Overrides overrides(SettingsReader reader) {
    List<BmcOverride> entries = reader.table(Setting.BMC_OVERRIDES, OverrideParser::parse);
    if (entries.stream().map(BmcOverride::network).distinct().count() < entries.size()) {
      reader.refuse(Setting.BMC_OVERRIDES, "an address is there twice");
    }
    return new Overrides(entries);
  }

  private static GatewayConfig.Limits limits(SettingsReader reader) {
    return new GatewayConfig.Limits(
        reader.value(Setting.LIMITS_BMC_CONNECTIONS, Parsers.number(1, 64)),
        reader.value(Setting.LIMITS_BMC_QUEUE, Parsers.number(1, 10_000)),
        new GatewayConfig.ConsoleLimits(
            reader.value(Setting.LIMITS_CONSOLES_PER_SESSION, Parsers.number(1, 1000)),
            reader.value(Setting.LIMITS_CONSOLES_PER_BMC, Parsers.number(1, 1000)),
            reader.value(Setting.LIMITS_CONSOLES, Parsers.number(1, 1_000_000))),
        reader.value(Setting.LIMITS_LINKS_PER_MINUTE, Parsers.number(1, 100_000)));
  }

  private static GatewayConfig.Proxy proxy(SettingsReader reader) {
    return new GatewayConfig.Proxy(
        reader.value(Setting.PROXY_SPOOL_MAX, Parsers::size),
        reader.value(Setting.PROXY_SPOOL_TOTAL, Parsers::size),
        reader
            .optional(Setting.PROXY_SPOOL_DIR, Parsers::writableFolder)
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"))),
        reader.value(Setting.PROXY_CACHE_SIZE, Parsers::size),
        reader.value(
            Setting.PROXY_CONNECT_TIMEOUT,
            Parsers.duration(Duration.ofMillis(100), Duration.ofMinutes(2))),
        reader.value(
            Setting.PROXY_ANSWER_TIMEOUT,
            Parsers.duration(Duration.ofSeconds(1), Duration.ofHours(1))));
  }
}
