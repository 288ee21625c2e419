package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigLoaderTest {
  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>(Map.of("JWT_KEY", TestKeys.FIRST));

  @Test
  void aKeyAloneYieldsTheDefaults() throws ConfigException {
    GatewayConfig config = load();
    assertEquals(List.of(Secret.of(TestKeys.FIRST)), config.token().keys());
    assertEquals(Optional.empty(), config.token().issuer());
    assertEquals(Duration.ofHours(24), config.token().maxLifetime());
    assertEquals(
        new GatewayConfig.Session("pm-session", "/gpsession", List.of()), config.session());
    assertEquals(
        "[10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7]",
        config.bmc().networks().entries().toString());
    assertEquals(Set.of(), config.bmc().ports());
    assertEquals(List.of(), config.gateway().trustedProxies());
    assertEquals("[127.0.0.0/8, ::1/128]", config.ops().metricsAllow().toString());
    assertEquals(new GatewayConfig.Limits(8, 256), config.limits());
    assertEquals(
        new GatewayConfig.Proxy(
            2L << 30,
            8L << 30,
            Path.of(System.getProperty("java.io.tmpdir")),
            64L << 20,
            Duration.ofSeconds(5),
            Duration.ofMinutes(2)),
        config.proxy());
    assertEquals(Duration.ofSeconds(5), config.shutdown().drain());
  }

  @Test
  void theAdminKeyIsASecretOfItsOwn() throws Exception {
    assertEquals(new GatewayConfig.Admin(Optional.empty(), Optional.empty()), load().admin());
    environment.put("ADMIN_KEY", TestKeys.SECOND);
    assertEquals(Optional.of(Secret.of(TestKeys.SECOND)), load().admin().key());
    for (String bad : List.of("short", "0".repeat(40), TestKeys.FIRST)) {
      environment.put("ADMIN_KEY", bad);
      String problems = assertThrows(ConfigException.class, this::load).problems().toString();
      assertTrue(problems.contains("admin.key"), problems);
      assertFalse(problems.contains(bad), problems);
    }
  }

  @Test
  void theSharedServerIsAUrlThatIsNeverShown() throws Exception {
    assertEquals(Optional.empty(), load().gateway().shared());
    environment.put("SHARED_REDIS", "rediss://ada:pass%2Fword+1@[2001:db8::1]/2");
    RedisAddress shared = load().gateway().shared().orElseThrow();
    assertEquals(
        new RedisAddress(
            "2001:db8::1",
            6379,
            true,
            Optional.of("ada"),
            Optional.of(Secret.of("pass/word+1")),
            2),
        shared);
    assertFalse(shared.toString().contains("word"), shared.toString());
    environment.put("SHARED_REDIS", "redis://192.0.2.5:7000");
    assertEquals(
        new RedisAddress("192.0.2.5", 7000, false, Optional.empty(), Optional.empty(), 0),
        load().gateway().shared().orElseThrow());
    for (String bad :
        List.of(
            "192.0.2.5:6379",
            "http://:planted@192.0.2.5",
            "redis://planted@192.0.2.5",
            "redis://:plan/ted@192.0.2.5",
            "redis://:planted@192.0.2.5/x",
            "redis://:planted@192.0.2.5/0?tls=1",
            "redis://:planted@192.0.2.5:70000")) {
      environment.put("SHARED_REDIS", bad);
      String problems = assertThrows(ConfigException.class, this::load).problems().toString();
      assertTrue(problems.contains("shared.redis"), problems);
      assertFalse(problems.contains("plan"), problems);
    }
  }

  @Test
  void theRevocationFileMayBeMadeLater() throws Exception {
    Path file = folder.resolve("revocations.jsonl");
    write("revocation: {file: " + file + "}");
    assertEquals(Optional.of(file), load().admin().revocations());
    for (String bad : List.of("revocations.jsonl", folder.toString(), folder + "/none/here")) {
      write("revocation: {file: " + bad + "}");
      assertThrows(ConfigException.class, this::load);
    }
  }

  @Test
  void everySettingOfTheFileIsRead() throws Exception {
    environment.clear();
    write(
        """
        token:
          key: [%s, "%s"]
          jwks: https://login.example.com/keys?v=1
          audience: bmc-gateway
          issuer: portal
          maxLifetime: PT8H
        session:
          cookie: __Host-pm
          path: /open/link_1
          publicHosts: ["*.PM.example.com", 2001:DB8::1]
        bmc:
          networks: 10.1.0.0/16, 127.0.0.2
          ports: [443, 5900]
        gateway: {trustedProxies: [192.0.2.1, 2001:db8::/32]}
        limits:
          bmcConnections: 4
          bmcQueue: 16
          consolesPerSession: 5
          consolesPerBmc: 6
          consoles: 7
        proxy:
          spoolMax: 512 MiB
          spoolDir: %s
          connectTimeout: 750ms
          answerTimeout: 30s
        shutdown: {drain: 0s}
        ops: {metricsAllow: [loopback, 192.0.2.0/24]}
        """
            .formatted(TestKeys.FIRST, TestKeys.SECOND, folder));
    GatewayConfig config = load();
    assertEquals(
        new GatewayConfig.Token(
            List.of(Secret.of(TestKeys.FIRST), Secret.of(TestKeys.SECOND)),
            Optional.empty(),
            Optional.of(new JwkSetLocation.AtUrl(URI.create("https://login.example.com/keys?v=1"))),
            Optional.of("bmc-gateway"),
            Optional.of("portal"),
            Duration.ofHours(8)),
        config.token());
    assertEquals(
        new GatewayConfig.Session(
            "__Host-pm",
            "/open/link_1",
            List.of(new HostPattern("*.pm.example.com"), new HostPattern("[2001:db8::1]"))),
        config.session());
    assertEquals("[10.1.0.0/16, 127.0.0.2/32]", config.bmc().networks().entries().toString());
    assertEquals(Set.of(443, 5900), config.bmc().ports());
    assertEquals("[192.0.2.1/32, 2001:db8::/32]", config.gateway().trustedProxies().toString());
    assertEquals("[127.0.0.0/8, ::1/128, 192.0.2.0/24]", config.ops().metricsAllow().toString());
    assertEquals(
        new GatewayConfig.Limits(4, 16, new GatewayConfig.ConsoleLimits(5, 6, 7), 1_200),
        config.limits());
    assertEquals(
        new GatewayConfig.Proxy(512L << 20, folder, Duration.ofMillis(750), Duration.ofSeconds(30)),
        config.proxy());
    assertEquals(Duration.ZERO, config.shutdown().drain());
  }

  @Test
  void eachPartOfAnOverrideComesFromTheMostSpecificEntryThatHasIt() throws Exception {
    write(
        """
        bmc:
          overrides:
            - {address: 10.0.0.0/8, vendor: idrac9, requests: 6}
            - address: 10.0.0.5
              vendor: idrac8
              host: "[FD00::5]:8443"
              consolePort: 5901
            - {address: 10.0.0.0/24, host: Bmc_1.lab, vendor: ilo5}
        """);
    Overrides overrides = load().bmc().overrides();
    InetAddress unit = InetAddress.getByName("10.0.0.5");
    assertEquals(Optional.of("idrac8"), overrides.vendor(unit));
    assertEquals(Optional.of("[FD00::5]:8443"), overrides.host(unit));
    assertEquals(Optional.of(5901), overrides.consolePort(unit));
    assertEquals(Optional.of(6), overrides.requests(unit));
    InetAddress neighbour = InetAddress.getByName("10.0.0.6");
    assertEquals(Optional.of("ilo5"), overrides.vendor(neighbour));
    assertEquals(Optional.of("Bmc_1.lab"), overrides.host(neighbour));
    assertEquals(Optional.empty(), overrides.consolePort(neighbour));
    assertEquals(Optional.empty(), overrides.vendor(InetAddress.getByName("192.168.0.1")));
  }

  @Test
  void aJwkSetTakesThePlaceOfTheKey() throws Exception {
    environment.clear();
    Path set = Files.writeString(folder.resolve("jwks.json"), "read later");
    environment.put("JWT_JWKS", set.toString());
    assertEquals(List.of(), load().token().keys());
    assertEquals(Optional.of(new JwkSetLocation.InFile(set)), load().token().jwks());
    environment.put("JWT_JWKS", "HTTPS://login.example.com");
    assertEquals(List.of(), load().token().keys());
    environment.put("JWT_JWKS", "none");
    assertTrue(refused().get(0).startsWith("token.key: required unless token.jwks is set"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://login.example.com/keys, not https",
    "ftp://login.example.com/keys, not https",
    "file:///etc/jwks.json, not https",
    "https:///keys, host",
    "https://login.example.com/keys#a, fragment",
    "https://user:PLANTED@login.example.com/keys, user and password",
    "https://login.example.com/{PLANTED}, not a URL",
    "/nowhere/PLANTED.json, no such file",
    "/, no such file"
  })
  void aJwkSetIsAFileOrAnHttpsUrl(String text, String why) {
    environment.put("JWT_JWKS", text);
    assertEquals(1, refused().size());
    assertTrue(refused().get(0).startsWith("token.jwks: the value "), refused().toString());
    assertTrue(refused().get(0).contains(why), refused().toString());
    assertSilentAbout("PLANTED");
  }

  @Test
  void theUrlOfAJwkSetIsNotPrinted() throws Exception {
    environment.put("JWT_JWKS", "https://login.example.com/PLANTED?k=PLANTED");
    assertFalse(load().toString().contains("PLANTED"), load().toString());
  }

  @Test
  void theFileOfTheSecretsIsKnownAndItsContentHeldToTheSameRules() throws Exception {
    environment.clear();
    Path file = Files.writeString(folder.resolve("keys"), TestKeys.FIRST + "\n");
    environment.put("JWT_KEY_FILE", file.toString());
    assertEquals(Optional.of(new KeyFile(file)), load().token().keyFile());
    assertEquals(
        List.of(Secret.of(TestKeys.FIRST), Secret.of(TestKeys.SECOND)),
        KeyFile.parse(TestKeys.FIRST + ", " + TestKeys.SECOND + "\n"));
    for (String bad : List.of("", "none", "PLANTED", TestKeys.FIRST + ",PLANTED", "x".repeat(40))) {
      ConfigException refused = assertThrows(ConfigException.class, () -> KeyFile.parse(bad));
      assertTrue(refused.problems().get(0).startsWith("token.key: "), refused.getMessage());
      assertFalse(refused.getMessage().contains("PLANTED"), refused.getMessage());
    }
  }

  @Test
  void theFoldersVendorProfilesAreNamedWhereThereAreSome() throws Exception {
    write("");
    assertEquals(Optional.empty(), load().bmc().profiles());
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    assertEquals(Optional.of(vendors), load().bmc().profiles());
  }

  @Test
  void theEnvironmentWinsOverTheFile() throws Exception {
    write("session: {cookie: from-file, path: /from-file}");
    environment.put("JWT_COOKIE", "from-environment");
    assertEquals("from-environment", load().session().cookie());
    assertEquals("/from-file", load().session().path());
  }

  @Test
  void severalKeysAreSeparatedByCommas() throws ConfigException {
    environment.put("JWT_KEY", TestKeys.FIRST + " , " + TestKeys.SECOND);
    assertEquals(
        List.of(Secret.of(TestKeys.FIRST), Secret.of(TestKeys.SECOND)), load().token().keys());
  }

  @Test
  void aKeyMayStandInAFileOfItsOwn() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), TestKeys.SECOND + "\n");
    environment.remove("JWT_KEY");
    environment.put("JWT_KEY_FILE", file.toString());
    assertEquals(List.of(Secret.of(TestKeys.SECOND)), load().token().keys());
  }

  @Test
  void aKeyFileBesidesAKeyIsRefused() {
    environment.put("JWT_KEY_FILE", "/nowhere");
    assertEquals(
        List.of("token.key: both JWT_KEY and JWT_KEY_FILE are set; keep one of them."), refused());
  }

  @Test
  void anUnreadableKeyFileIsRefused() {
    environment.remove("JWT_KEY");
    environment.put("JWT_KEY_FILE", folder.resolve("nothing").toString());
    assertEquals(1, refused().size());
    assertTrue(refused().get(0).contains("nothing\", can't be read"), refused().toString());
  }

  @Test
  void withoutAKeyNothingStarts() {
    environment.clear();
    assertEquals(1, refused().size());
    assertTrue(refused().get(0).startsWith("token.key: required unless"), refused().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "", "~", "none", "''", "[[]]", "{a: b}"})
  void noKindOfEmptyKeyStarts(String key) throws IOException {
    environment.clear();
    write("token: {key: " + key + "}");
    assertTrue(refused().get(0).startsWith("token.key: "), refused().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "token.issuer|\"\"|empty",
        "token.maxLifetime|forever|not a duration",
        "token.maxLifetime|59s|shorter than 1m",
        "token.maxLifetime|366d|longer than 365d",
        "token.maxLifetime|-PT1H|not a duration",
        "session.cookie|pm session|not a cookie name",
        "session.cookie|pm=session|not a cookie name",
        "session.cookie|$Version|not a cookie name",
        "session.path|gpsession|not a path",
        "session.path|/|not a path",
        "session.path|/a/|not a path",
        "session.path|/a//b|not a path",
        "session.path|/a/../b|not a path",
        "session.path|/.gateway|not a path",
        "session.path|/.gateway/x|not a path",
        "session.path|/%2egateway|not a path",
        "session.path|/a?b|not a path",
        "session.path|/websocket|belongs to the edges",
        "session.path|/websocket/x|belongs to the edges",
        "session.publicHosts|[pm.example.com, 'pm.example.com:443']|entry 2 of 2: \"pm.example.com:443\" is not a host",
        "session.publicHosts|\"*\"|is not a host",
        "bmc.networks|[]|empty",
        "bmc.networks|10.0.0.1/8|is not a network",
        "bmc.networks|bmc.example.com|is not a network",
        "bmc.networks|10.0.0.0/8,|entry 2 of 2: empty",
        "bmc.ports|0|less than 1",
        "bmc.ports|65536|more than 65535",
        "bmc.ports|1_000|not a number",
        "bmc.ports|0443|not a number",
        "bmc.ports|https|not a number",
        "bmc.overrides|idrac9|not a list of entries",
        "bmc.overrides|{address: 10.0.0.1, vendor: idrac9}|not a list of entries",
        "bmc.overrides|[idrac9]|\"idrac9\" is unknown",
        "bmc.overrides|[{address: 10.0.0.1}]|needs an address and something",
        "bmc.overrides|[{vendor: idrac9, requests: 1}]|needs an address and something",
        "bmc.overrides|[{address: 10.0.0.1, model: x}]|\"model\" is unknown",
        "bmc.overrides|[{address: 10.0.0.1/8, vendor: idrac9}]|address: \"10.0.0.1/8\" is not a network",
        "bmc.overrides|[{address: 10.0.0.1, vendor: iDRAC9}]|vendor: not the name",
        "bmc.overrides|[{address: 10.0.0.1, vendor: }]|vendor: not the name",
        "bmc.overrides|[{address: 10.0.0.1, vendor: [a]}]|vendor: not the name",
        "bmc.overrides|[{address: 10.0.0.1, host: a/b}]|host: not a host",
        "bmc.overrides|[{address: 10.0.0.1, host: '*.lab'}]|host: not a host",
        "bmc.overrides|[{address: 10.0.0.1, host: 'fd00::5'}]|host: not a host",
        "bmc.overrides|[{address: 10.0.0.1, host: 'a:0'}]|host: less than 1",
        "bmc.overrides|[{address: 10.0.0.1, consolePort: 65536}]|consolePort: more than 65535",
        "bmc.overrides|[{address: 10.0.0.1, requests: 0}]|requests: less than 1",
        "bmc.overrides|[{address: 10.0.0.1, requests: 65}]|requests: more than 64",
        "bmc.overrides|[{address: 10.0.0.1, requests: 6}, {address: x, requests: 6}]|entry 2 of 2: address",
        "bmc.overrides|[{address: 10.0.0.1, requests: 6}, {address: 10.0.0.1/32, requests: 7}]|an address is there twice",
        "gateway.trustedProxies|10.0.0.0/33|is not a network",
        "ops.metricsAllow|[]|the list is empty",
        "ops.metricsAllow|everybody|is not a network",
        "limits.bmcConnections|0|less than 1",
        "limits.bmcConnections|65|more than 64",
        "limits.bmcQueue|0|less than 1",
        "limits.bmcQueue|10001|more than 10000",
        "limits.consolesPerSession|0|less than 1",
        "limits.consolesPerSession|1001|more than 1000",
        "limits.consolesPerBmc|0|less than 1",
        "limits.consolesPerBmc|1001|more than 1000",
        "limits.consoles|0|less than 1",
        "limits.consoles|1000001|more than 1000000",
        "proxy.spoolMax|2G|not a size",
        "proxy.spoolMax|17 TiB|more than 16 TiB",
        "proxy.spoolDir|spool|not an absolute path",
        "proxy.spoolDir|/no/such/folder|no folder of that name",
        "proxy.connectTimeout|99ms|shorter than 100ms",
        "proxy.connectTimeout|121s|longer than 2m",
        "proxy.answerTimeout|999ms|shorter than 1s",
        "proxy.answerTimeout|61m|longer than 1h",
        "shutdown.drain|11s|longer than 10s",
        "gateway.name|\"*.pm.example.com\"|a pattern is no name",
        "gateway.upstreams|a b|is not a host",
        "gateway.upstreams|pm.example.com:8443|is not a host",
        "gateway.upstreams|pm.example.com=http|none of native, pmproxy",
        "gateway.upstreamCa|/nowhere.pem|it can't be read",
        "gateway.proxyPort|0|less than 1",
        "gateway.trustedEdges|pm.example.com|is not a network",
      })
  void aBadValueIsRefusedWithKeyReasonAndWhatIsAccepted(String key, String value, String why)
      throws IOException {
    String[] parts = key.split("\\.");
    write("%s:\n  %s: %s\n".formatted(parts[0], parts[1], value));
    String message = refused().get(0);
    assertTrue(message.startsWith(key + ": \""), message);
    assertTrue(message.contains("gateway.yaml, line 2"), message);
    assertTrue(message.contains(why), message);
    assertTrue(message.contains("Accepted: "), message);
  }

  @Test
  void whoMayReadMetricsChangesWithoutARestart() throws Exception {
    GatewayConfig running = load();
    write("ops: {metricsAllow: 192.0.2.7}");
    GatewayConfig kept = FixedSettings.keep(running, load());
    assertEquals("[192.0.2.7/32]", kept.ops().metricsAllow().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bmc: {tls: any, pins: [], overrides: none}",
        "bmc: {overrides: []}",
        "limits: {consoles: 20000}",
        "token:\nbmc:\n",
        "",
        "# nothing but a comment",
        "---\n",
      })
  void defaultsMayBeWrittenOut(String yaml) throws Exception {
    write(yaml);
    assertEquals("pm-session", load().session().cookie());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokn: {}|tokn (gateway.yaml, line 1): this key is unknown",
        "token: {keys: x}|token.keys (gateway.yaml, line 1): this key is unknown",
        "session.cookie: a\\nsession: {cookie: a}|session.cookie (gateway.yaml, line 2): this key is there twice",
        "session: {cookie: a, cookie: a}|session.cookie (gateway.yaml, line 1): this key is there twice",
        "session: {}\\nsession: {}|session (gateway.yaml, line 2): this key is there twice",
        "session: a|session (gateway.yaml, line 1): this key must be a section",
        "- a|must hold sections",
        "session: {}\\n---\\nbmc: {}|must hold one document only",
        "bmc: {overrides: [{address: 10.0.0.1, requests: 1, requests: 2}]}|bmc.overrides (gateway.yaml, line 1): the key requests is there twice in one entry",
        "session: {cookie: &a x, path: *a}|YAML aliases are not supported",
        "session: [|not valid YAML",
      })
  void aFileThatSaysMoreThanSettingsIsRefused(String yaml, String message) throws IOException {
    write(yaml.replace("\\n", "\n"));
    assertTrue(String.join("\n", refused()).contains(message), refused().toString());
  }

  @Test
  void theFolderMustHoldTheFile() {
    environment.put(ConfigLoader.FOLDER, folder.resolve("elsewhere").toString());
    assertTrue(refused().get(0).startsWith("BMC_GATEWAY_CONFIG: "), refused().toString());
  }

  @Test
  void everythingWrongIsToldAtOnce() throws IOException {
    write("session: {path: bad}\nunknown: 1\nbmc: {tls: tls}");
    environment.put("JWT_KEY", "changeme");
    environment.put("BMC_PORTS", "0,x");
    assertEquals(6, refused().size(), refused().toString());
  }

  @Test
  void noMessageHoldsASecret() throws IOException {
    String planted = "PLANTED-too-short";
    environment.put("JWT_KEY", planted);
    environment.put("JWT_JWKS", "https://user:" + planted + "@example.com/");
    assertSilentAbout(planted);
    environment.clear();
    for (String yaml :
        List.of(
            "token: {key: " + planted + "}",
            "token: {key: [" + planted + ", {}]}",
            "token:\n  key: %" + planted,
            "token:\n  key: '" + planted,
            "token: " + planted,
            "jwtKey: " + planted)) {
      write(yaml);
      assertSilentAbout(planted);
    }
  }

  @Test
  void aMessageFitsIntoOneLine() {
    environment.put("JWT_COOKIE", "a\nb\u001b[31m" + "x".repeat(500));
    assertTrue(refused().get(0).contains("\"a?b?[31mxxx"), refused().toString());
    assertTrue(refused().get(0).length() < 400, refused().toString());
  }

  @Test
  void theUsualLookupAsksTheServletContextForTheFolderOnly() {
    var lookup = ConfigLoader.system(name -> Optional.of("parameter"));
    assertEquals(Optional.of("parameter"), lookup.apply(ConfigLoader.FOLDER));
    assertFalse(lookup.apply("JWT_COOKIE").equals(Optional.of("parameter")));
  }

  private void assertSilentAbout(String planted) {
    ConfigException refused = assertThrows(ConfigException.class, this::load);
    assertFalse(refused.problems().isEmpty());
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      assertFalse(String.valueOf(cause.getMessage()).contains(planted), cause.getMessage());
    }
  }

  private void write(String yaml) throws IOException {
    Files.writeString(folder.resolve("gateway.yaml"), yaml);
    environment.put(ConfigLoader.FOLDER, folder.toString());
  }

  private GatewayConfig load() throws ConfigException {
    return new ConfigLoader(name -> Optional.ofNullable(environment.get(name))).load();
  }

  private List<String> refused() {
    return assertThrows(ConfigException.class, this::load).problems();
  }
}
