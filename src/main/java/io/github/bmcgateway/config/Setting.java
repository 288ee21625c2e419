package io.github.bmcgateway.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * The table of all settings: what errors are worded from and what {@code src/docs/settings.md} is
 * held against. A default that is a word ({@code none}, {@code any}, {@code profiles} ...) may be
 * written out as well.
 */
enum Setting {
  TOKEN_KEY(
      Reader.GATEWAY,
      "token.key",
      "JWT_KEY",
      "none",
      "random secrets of at least 32 bytes each, comma-separated; make one with `openssl rand -hex 32`",
      "HS256 secrets of the token issuer, several for rotation; required unless `token.jwks` is set; `JWT_KEY_FILE` names a file instead, whose changes are taken up while running"),
  TOKEN_JWKS(
      Reader.GATEWAY,
      "token.jwks",
      "JWT_JWKS",
      "none",
      "a file, or an https URL without user or password, with a JWK set of public keys",
      "public keys of the token issuer (RS, PS and ES 256 to 512, EdDSA), beside or in place of `token.key`; changes are taken up while running"),
  TOKEN_AUDIENCE(
      Reader.GATEWAY,
      "token.audience",
      "",
      "none",
      "a text of 1 to 256 printable characters",
      "the value that a token's `aud` must hold; the other values stay the public hosts"),
  TOKEN_ISSUER(
      Reader.GATEWAY,
      "token.issuer",
      "",
      "none",
      "a text of 1 to 256 printable characters",
      "the `iss` that a token must carry"),
  TOKEN_MAX_LIFETIME(
      Reader.GATEWAY,
      "token.maxLifetime",
      "",
      "24h",
      "a duration from 1m to 365d, such as `30m`, `24h` or `PT30M`",
      "longest time from now to a token's `exp`"),
  SESSION_COOKIE(
      Reader.GATEWAY,
      "session.cookie",
      "JWT_COOKIE",
      "pm-session",
      "up to 64 letters, digits and any of ``!#$%&'*+-.^_`|~``, not beginning with `$`",
      "name of the session cookie; a `__Host-` name binds it to one host"),
  SESSION_PATH(
      Reader.GATEWAY,
      "session.path",
      "",
      "/gpsession",
      "a path such as `/gpsession`: segments of letters, digits, `-`, `.`, `_`, `~` that don't begin with a dot, none at its end, not below `/websocket`",
      "path of the session link"),
  SESSION_PUBLIC_HOSTS(
      Reader.GATEWAY,
      "session.publicHosts",
      "PUBLIC_HOSTS",
      "any",
      "`any`, or host names, IP addresses and patterns such as `*.pm.example.com` (one label), without a port, in ASCII form",
      "hosts under which the gateway may be addressed; another `Host` gets 421"),
  BMC_NETWORKS(
      Reader.GATEWAY,
      "bmc.networks",
      "BMC_NETWORKS",
      "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7",
      "networks such as `10.0.0.0/8` and single addresses, no bit set behind the prefix",
      "where a BMC may lie; loopback, link-local, multicast, unspecified and broadcast addresses only by an entry that lies wholly inside that special range"),
  BMC_PORTS(
      Reader.GATEWAY,
      "bmc.ports",
      "BMC_PORTS",
      "profiles",
      "`profiles` (443 and the console ports of the vendor profiles), or ports from 1 to 65535",
      "ports that may be dialled"),
  BMC_TLS(
      Reader.GATEWAY,
      "bmc.tls",
      "BMC_TLS",
      "any",
      "`any`, `tofu` or `pinned`",
      "which certificate a BMC may show that is not in `bmc.pins`: any, the one of its first use, or none"),
  BMC_PINS(
      Reader.GATEWAY,
      "bmc.pins",
      "",
      "none",
      "a list of entries, each with `address` (an address), `sha256` (the fingerprint of a certificate in hexadecimal digits, with or without colons; several with commas) and, if it is for one port only, `port`",
      "certificates that BMCs have to show, whatever `bmc.tls` says"),
  BMC_PIN_STORE(
      Reader.GATEWAY,
      "bmc.pinStore",
      "",
      "config",
      "`config` (the file `bmc-pins.txt` beside `gateway.yaml`), or the absolute path of a file in a writable folder",
      "file of the certificates that `tofu` has remembered"),
  BMC_OVERRIDES(
      Reader.GATEWAY,
      "bmc.overrides",
      "",
      "none",
      "a list of entries, each with `address` (an address or network) and one or more of `vendor`, `host` (with an optional port), `consolePort`, `requests` (1 to 64), `tls` (`modern` or `legacy`), `trust` (as `bmc.tls`); no address twice",
      "what differs for single BMCs; what a token claims wins, then the most specific entry"),
  GATEWAY_NAME(
      Reader.GATEWAY,
      "gateway.name",
      "GATEWAY_NAME",
      "none",
      "host names and IP addresses, without a port, in ASCII form",
      "this gateway's own host names, as `upstream` claims write them; a token that names another gateway gets 421, or is relayed"),
  GATEWAY_UPSTREAMS(
      Reader.GATEWAY,
      "gateway.upstreams",
      "UPSTREAMS",
      "none",
      "host names, IP addresses and patterns such as `*.pm.example.com` (one label), each alone or with `=native` (this gateway, the default) or `=pmproxy` (pmproxy's own)",
      "gateways to which tokens that name them as `upstream` are relayed, and the protocol spoken with them; the first that matches counts"),
  UPSTREAM_CA(
      Reader.GATEWAY,
      "gateway.upstreamCa",
      "UPSTREAM_CA",
      "none",
      "a PEM file with one or more certificates",
      "certificate authorities of the upstream gateways, in place of the JVM's"),
  GATEWAY_PROXY_PORT(
      Reader.GATEWAY,
      "gateway.proxyPort",
      "PROXY_PORT",
      "8443",
      "a port from 1 to 65535",
      "port of an upstream gateway"),
  GATEWAY_TRUSTED_EDGES(
      Reader.GATEWAY,
      "gateway.trustedEdges",
      "TRUSTED_EDGES",
      "none",
      "networks such as `192.0.2.0/24` and single addresses, no bit set behind the prefix",
      "pmproxy edges, whose `X-PM-*` and `X-Forwarded-*` headers, `CF-Connecting-IP` and `/websocket/` paths are believed"),
  GATEWAY_TRUSTED_PROXIES(
      Reader.GATEWAY,
      "gateway.trustedProxies",
      "TRUSTED_PROXIES",
      "none",
      "networks such as `192.0.2.0/24` and single addresses, no bit set behind the prefix",
      "load balancers, whose `X-Forwarded-*` and `CF-Connecting-IP` are believed"),
  LIMITS_BMC_CONNECTIONS(
      Reader.GATEWAY,
      "limits.bmcConnections",
      "",
      "8",
      "a number from 1 to 64",
      "requests to one BMC at a time where its vendor's profile names no number"),
  LIMITS_BMC_QUEUE(
      Reader.GATEWAY,
      "limits.bmcQueue",
      "",
      "256",
      "a number from 1 to 10000",
      "requests that may wait for their turn at one BMC"),
  LIMITS_CONSOLES_PER_SESSION(
      Reader.GATEWAY,
      "limits.consolesPerSession",
      "CONSOLES_PER_SESSION",
      "16",
      "a number from 1 to 1000",
      "sockets of one session that are open or being opened; over it 429"),
  LIMITS_CONSOLES_PER_BMC(
      Reader.GATEWAY,
      "limits.consolesPerBmc",
      "",
      "32",
      "a number from 1 to 1000",
      "sockets at one BMC, of all sessions; over it, or over what its vendor's profile permits, 503"),
  LIMITS_CONSOLES(
      Reader.GATEWAY,
      "limits.consoles",
      "",
      "20000",
      "a number from 1 to 1000000",
      "sockets through this gateway; over it 503"),
  LIMITS_LINKS_PER_MINUTE(
      Reader.GATEWAY,
      "limits.linksPerMinute",
      "",
      "1200",
      "a number from 1 to 100000",
      "requests for the session link a minute from one client address (of IPv6: one /64); over it 429"),
  PROXY_SPOOL_MAX(
      Reader.GATEWAY,
      "proxy.spoolMax",
      "",
      "2 GiB",
      "a size from 0 to 16 TiB, such as `500 MiB` or `2 GiB` (B, KiB, MiB, GiB, TiB)",
      "longest request body of unknown length that is spooled to disk; over it 413"),
  PROXY_SPOOL_TOTAL(
      Reader.GATEWAY,
      "proxy.spoolTotal",
      "",
      "8 GiB",
      "a size from 0 to 16 TiB, such as `500 MiB` or `2 GiB` (B, KiB, MiB, GiB, TiB)",
      "what all bodies together may have that are on disk at a time; over it, or when the disk is full, 503"),
  PROXY_SPOOL_DIR(
      Reader.GATEWAY,
      "proxy.spoolDir",
      "",
      "temp",
      "`temp` (the JVM's folder for temporary files), or the absolute path of a writable folder",
      "folder of the spool files"),
  PROXY_CACHE_SIZE(
      Reader.GATEWAY,
      "proxy.cacheSize",
      "",
      "64 MiB",
      "a size from 0 to 16 TiB, such as `500 MiB` or `2 GiB` (B, KiB, MiB, GiB, TiB)",
      "memory for scripts, styles, images and fonts of BMCs' pages; 0 keeps none"),
  PROXY_CONNECT_TIMEOUT(
      Reader.GATEWAY,
      "proxy.connectTimeout",
      "",
      "5s",
      "a duration from 100ms to 2m, such as `5s`",
      "longest time for the TCP connection to a BMC"),
  PROXY_ANSWER_TIMEOUT(
      Reader.GATEWAY,
      "proxy.answerTimeout",
      "",
      "2m",
      "a duration from 1s to 1h, such as `2m`",
      "longest silence of a BMC within an exchange"),
  SHUTDOWN_DRAIN(
      Reader.GATEWAY,
      "shutdown.drain",
      "",
      "5s",
      "a duration from 0s to 10s, such as `5s`",
      "how long open consoles live on after the signal to shut down"),
  ADMIN_KEY(
      Reader.GATEWAY,
      "admin.key",
      "ADMIN_KEY",
      "none",
      "a random secret of at least 32 bytes, without a comma, not a token key",
      "credential of `/.gateway/admin/`, which is off without it; `ADMIN_KEY_FILE` names a file instead"),
  REVOCATION_FILE(
      Reader.GATEWAY,
      "revocation.file",
      "",
      "none",
      "the absolute path of a file that can be read and written, or made",
      "revocations that outlive a restart, one JSON object a line; watched for further lines"),
  SHARED_REDIS(
      Reader.GATEWAY,
      "shared.redis",
      "SHARED_REDIS",
      "none",
      "a URL such as `redis://:password@192.0.2.5:6379/0`, or `rediss://` for TLS; the port is 6379 and the database 0 without them",
      "Redis or Valkey server over which several nodes share used one-time links, revocations and logouts; `SHARED_REDIS_FILE` names a file instead"),
  OPS_METRICS_ALLOW(
      Reader.GATEWAY,
      "ops.metricsAllow",
      "METRICS_ALLOW",
      "loopback",
      "`loopback` (`127.0.0.0/8` and `::1`), or networks such as `192.0.2.0/24` and single addresses, no bit set behind the prefix",
      "who may read metrics; `loopback` is not among them if others are named without it"),
  OPS_AUDIT_LOG(
      Reader.GATEWAY,
      "ops.auditLog",
      "AUDIT_LOG",
      "default",
      "`default` (`logs/audit.jsonl` in the Jetty base, else `log`), `log` (the log category `audit`), or the absolute path of a file that can be read and written, or made",
      "where audit lines go"),
  LISTEN(
      Reader.JETTY_BASE,
      "",
      "LISTEN",
      "0.0.0.0:8443",
      "an address or host name and a port from 1 to 65535, such as `0.0.0.0:8443` or `[::]:8443`",
      "address of the connector"),
  CERT_PATH(
      Reader.JETTY_BASE,
      "",
      "CERT_PATH",
      "origin.crt",
      "a readable PEM file with the certificate and its chain",
      "the connector's certificate; taken up anew when the file changes"),
  KEY_PATH(
      Reader.JETTY_BASE,
      "",
      "KEY_PATH",
      "origin.key",
      "a readable PEM file with a private key in PKCS#8 form (`BEGIN PRIVATE KEY`)",
      "the connector's private key");

  /** Who reads a setting. */
  enum Reader {
    /** The web application. */
    GATEWAY,
    /** The start script of the Jetty base, not the web application. */
    JETTY_BASE
  }

  private final Reader reader;
  private final String key;
  private final String environment;
  private final String defaultText;
  private final String accepted;
  private final String meaning;

  Setting(
      Reader reader,
      String key,
      String environment,
      String defaultText,
      String accepted,
      String meaning) {
    this.reader = reader;
    this.key = key;
    this.environment = environment;
    this.defaultText = defaultText;
    this.accepted = accepted;
    this.meaning = meaning;
  }

  /** The setting of a key of {@code gateway.yaml}. */
  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values())
        .filter(setting -> setting.key().equals(Optional.of(key)))
        .findFirst();
  }

  /** Whether settings lie below this name in {@code gateway.yaml}. */
  static boolean isSection(String name) {
    return Arrays.stream(values()).anyMatch(setting -> setting.key.startsWith(name + "."));
  }

  Reader reader() {
    return reader;
  }

  /** Key in {@code gateway.yaml}, sections joined by dots; empty if there is none. */
  Optional<String> key() {
    return key.isEmpty() ? Optional.empty() : Optional.of(key);
  }

  /** Name of the environment variable; empty if there is none. */
  Optional<String> environment() {
    return environment.isEmpty() ? Optional.empty() : Optional.of(environment);
  }

  /** What people call it: the key, else the environment variable. */
  String label() {
    return key.isEmpty() ? environment : key;
  }

  /** The default, as it would be written. */
  String defaultText() {
    return defaultText;
  }

  String accepted() {
    return accepted;
  }

  String meaning() {
    return meaning;
  }

  /** Whether a change takes effect after a restart only. */
  boolean isFixed() {
    return FixedSettings.all().contains(this);
  }

  /** Whether the value is a list of entries with keys of their own. */
  boolean isTable() {
    return this == BMC_OVERRIDES || this == BMC_PINS;
  }

  /** Whether the value opens a door, so that it may also stand in a file of its own. */
  boolean isSecret() {
    return this == TOKEN_KEY || this == ADMIN_KEY || this == SHARED_REDIS;
  }

  /** Whether a message may show the value; the URL of a JWK set may be hard to guess on purpose. */
  boolean isShown() {
    return !isSecret() && this != TOKEN_JWKS;
  }
}
