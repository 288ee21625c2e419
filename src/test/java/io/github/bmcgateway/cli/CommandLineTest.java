package io.github.bmcgateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.bmcgateway.config.TestKeys;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CommandLineTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.750Z");
  private static final Instant SECOND = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path folder;

  private final Map<String, String> environment =
      new HashMap<>(Map.of("JWT_KEY", TestKeys.FIRST + "," + TestKeys.SECOND));
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aPlainTokenSaysAddressAndTimes() throws Exception {
    assertEquals(0, run("token --ip 10.0.0.5"));
    JWTClaimsSet claims = verified(out.toString().strip());
    assertEquals("10.0.0.5", claims.getStringClaim("ip"));
    assertEquals(Date.from(SECOND), claims.getIssueTime());
    assertEquals(Date.from(SECOND.minusSeconds(10)), claims.getNotBeforeTime());
    assertEquals(Date.from(SECOND.plusSeconds(1800)), claims.getExpirationTime());
    assertTrue(claims.getJWTID().matches("[A-Za-z0-9_-]{22}"));
    assertEquals(5, claims.getClaims().size(), claims.toString());
    assertEquals("", err.toString());
  }

  @Test
  void everyTokenHasItsOwnIdentifier() throws Exception {
    run("token --ip 10.0.0.5");
    run("token --ip 10.0.0.5");
    String[] tokens = out.toString().split("\\R");
    assertNotEquals(verified(tokens[0]).getJWTID(), verified(tokens[1]).getJWTID());
  }

  @Test
  void everyOptionBecomesItsClaim() throws Exception {
    writeSettings("token: {issuer: portal}");
    assertEquals(
        0,
        run(
            "token --ip FD00:0::5 --port 8443 --console-port 5901 --host bmc-5.lan --vendor idrac9 --upstream gw.example.com"
                + " --ttl PT2H --sub alice --aud a.example.com --aud b.example.com"));
    JWTClaimsSet claims = verified(out.toString().strip());
    assertEquals("fd00::5", claims.getStringClaim("ip"));
    assertEquals(8443, claims.getIntegerClaim("port"));
    assertEquals(5901, claims.getIntegerClaim("console_port"));
    assertEquals("bmc-5.lan", claims.getStringClaim("host"));
    assertEquals("idrac9", claims.getStringClaim("vendor"));
    assertEquals("gw.example.com", claims.getStringClaim("upstream"));
    assertEquals("alice", claims.getSubject());
    assertEquals("portal", claims.getIssuer());
    assertEquals(List.of("a.example.com", "b.example.com"), claims.getAudience());
    assertEquals(Date.from(SECOND.plusSeconds(7200)), claims.getExpirationTime());
  }

  @Test
  void aTokenWorksOnceOnlyWhenAsked() throws Exception {
    assertEquals(0, run("token --ip 10.0.0.5 --once"));
    assertTrue(verified(out.toString().strip()).getBooleanClaim("once"));
  }

  static Stream<Arguments> privateKeys() throws Exception {
    return Stream.of(
        arguments(new RSAKeyGenerator(2048).keyID("r").generate(), "", "RS256"),
        arguments(new RSAKeyGenerator(2048).keyID("r").generate(), " --alg PS512", "PS512"),
        arguments(
            new RSAKeyGenerator(2048).keyID("r").algorithm(JWSAlgorithm.PS256).generate(),
            "",
            "PS256"),
        arguments(new ECKeyGenerator(Curve.P_256).keyID("e").generate(), "", "ES256"),
        arguments(new ECKeyGenerator(Curve.P_384).generate(), "", "ES384"),
        arguments(new ECKeyGenerator(Curve.P_521).generate(), "", "ES512"),
        arguments(ed25519(), "", "EdDSA"));
  }

  private static JWK ed25519() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    return new OctetKeyPair.Builder(
            Curve.Ed25519,
            Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)))
        .d(Base64URL.encode(((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow()))
        .build();
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("privateKeys")
  void aPrivateKeySignsWhatItsPublicHalfVerifies(JWK key, String option, String algorithm)
      throws Exception {
    Path file = Files.writeString(folder.resolve("key.jwk"), key.toJSONString());
    Path set = folder.resolve("set.json");
    Files.writeString(set, new JWKSet(key.toPublicJWK()).toString());
    environment.remove("JWT_KEY");
    environment.put("JWT_JWKS", set.toString());

    // The command itself verifies by the set that the settings name.
    assertEquals(0, run("token --ip 10.0.0.5 --jwk " + file + option), err.toString());

    SignedJWT token = SignedJWT.parse(out.toString().strip());
    assertEquals(algorithm, token.getHeader().getAlgorithm().getName());
    assertEquals(key.getKeyID(), token.getHeader().getKeyID());
    assertEquals("", err.toString());
  }

  @Test
  void aPrivateKeyWhosePublicHalfTheGatewayLacksIsRefused() throws Exception {
    JWK key = new ECKeyGenerator(Curve.P_256).generate();
    JWK other = new ECKeyGenerator(Curve.P_256).generate();
    Path file = Files.writeString(folder.resolve("key.jwk"), key.toJSONString());
    Path set = folder.resolve("set.json");
    Files.writeString(set, new JWKSet(other.toPublicJWK()).toString());

    assertEquals(0, run("token --ip 10.0.0.5 --jwk " + file));
    assertTrue(err.toString().contains("name no JWK set"), err.toString());
    environment.put("JWT_JWKS", set.toString());
    assertEquals(1, run("token --ip 10.0.0.5 --jwk " + file));
    assertTrue(err.toString().contains("SIGNATURE"), err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"hunter2\"}| |is no JWK",
        "hunter2||is no JWK",
        "{\"kty\":\"oct\",\"k\":\"aHVudGVyMg\"}||of another kind",
        "public||holds no private key",
        "private|--alg HS256|isn't for HS256",
        "private|--alg none|isn't for none",
        "missing||can't be read"
      })
  void aKeyThatCannotSignIsExplainedAndNeverShown(String content, String option, String reason)
      throws Exception {
    JWK key = new ECKeyGenerator(Curve.P_256).generate();
    Path file = folder.resolve("key.jwk");
    switch (content) {
      case "missing" -> {}
      case "public" -> Files.writeString(file, key.toPublicJWK().toJSONString());
      case "private" -> Files.writeString(file, key.toJSONString());
      default -> Files.writeString(file, content);
    }
    String given = option == null || option.isBlank() ? "" : " " + option;
    assertEquals(1, run("token --ip 10.0.0.5 --jwk " + file + given));
    assertTrue(err.toString().contains(reason), err.toString());
    assertFalse(err.toString().contains("hunter2"), err.toString());
  }

  @Test
  void aScopeIsRulesAndNamesInTheirOrder() throws Exception {
    assertEquals(
        0, run("token --ip 10.0.0.5 --scope !GET~/redfish/v1/** --scope read --scope SOCKET~/kvm"));
    assertEquals(
        List.of("!GET /redfish/v1/**", "read", "SOCKET /kvm"),
        verified(out.toString().strip()).getStringListClaim("scope"));
  }

  @Test
  void aScopeThatIsNoneIsExplained() {
    assertEquals(2, run("token --ip 10.0.0.5 --scope read --scope GTE~/"));
    assertTrue(
        err.toString().contains("--scope: \"GTE /\" is no rule: methods are"), err.toString());
    assertTrue(err.toString().contains("console, firmware, media, read"), err.toString());
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "https://pm.example.com,https://pm.example.com,pm.example.com",
    "https://PM.example.com:8443/,https://PM.example.com:8443,pm.example.com",
    "http://[2001:db8::1]:8080,http://[2001:db8::1]:8080,[2001:db8::1]",
  })
  void aLinkIsValidAtItsOwnHostOnly(String link, String origin, String audience) throws Exception {
    writeSettings("session: {path: /open}");
    assertEquals(0, run("token --ip 10.0.0.5 --link " + link));
    String start = origin + "/open?token=";
    assertTrue(out.toString().startsWith(start), out.toString());
    JWTClaimsSet claims = verified(out.toString().strip().substring(start.length()));
    assertEquals(List.of(audience), claims.getAudience());
  }

  @Test
  void anExplicitAudienceWinsOverTheLinks() throws Exception {
    run("token --ip 10.0.0.5 --link https://a.example.com --aud b.example.com");
    String token = out.toString().strip().replaceFirst(".*=", "");
    assertEquals(List.of("b.example.com"), verified(token).getAudience());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tokn",
        "token",
        "token --ip",
        "token --ip bmc.example.com",
        "token --ip fe80::1%eth0",
        "token --ip 10.0.0.5 --port 0",
        "token --ip 10.0.0.5 --port 65536",
        "token --ip 10.0.0.5 --port https",
        "token --ip 10.0.0.5 --console-port 65536",
        "token --ip 10.0.0.5 --host bmc/5",
        "token --ip 10.0.0.5 --host bmc_5:0",
        "token --ip 10.0.0.5 --vendor acme",
        "token --ip 10.0.0.5 --upstream *.example.com",
        "token --ip 10.0.0.5 --aud https://pm.example.com",
        "token --ip 10.0.0.5 --ttl soon",
        "token --ip 10.0.0.5 --ttl 0s",
        "token --ip 10.0.0.5 --ttl 999ms",
        "token --ip 10.0.0.5 --link pm.example.com",
        "token --ip 10.0.0.5 --link ftp://pm.example.com",
        "token --ip 10.0.0.5 --link https://user@pm.example.com",
        "token --ip 10.0.0.5 --link https://pm.example.com/path",
        "token --ip 10.0.0.5 --link https://pm.example.com?a=b",
        "token --ip 10.0.0.5 extra",
        "check-config extra",
      })
  void aWrongCallIsExplainedOnStandardError(String arguments) {
    assertEquals(2, run(arguments));
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("--help"), err.toString());
  }

  @Test
  void aTokenThatTheGatewayWouldRefuseIsNotMade() {
    assertEquals(1, run("token --ip 10.0.0.5 --ttl 25h"));
    assertTrue(err.toString().contains("token.maxLifetime, 1d"), err.toString());
    assertEquals(1, run("token --ip 10.0.0.5 --sub " + "x".repeat(4_000)));
    assertTrue(err.toString().contains("would refuse this token: MALFORMED"), err.toString());
    assertEquals("", out.toString());
    assertEquals(0, run("token --ip 10.0.0.5 --ttl 24h"));
  }

  @Test
  void aTargetOutsideTheSettingsIsNoted() {
    environment.put("BMC_PORTS", "443");
    assertEquals(0, run("token --ip 198.51.100.7 --port 8443 --console-port 5901"));
    assertTrue(err.toString().contains("198.51.100.7 may not be reached"), err.toString());
    assertTrue(err.toString().contains("port 8443 may not be dialled"), err.toString());
    assertTrue(err.toString().contains("port 5901 may not be dialled"), err.toString());
  }

  @Test
  void badSettingsMakeNoToken() {
    environment.put("JWT_KEY", "changeme");
    assertEquals(1, run("token --ip 10.0.0.5"));
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("token.key: the value"), err.toString());
    assertFalse(err.toString().contains("changeme"), err.toString());
  }

  @Test
  void goodSettingsAreSummedUpWithoutSecrets() {
    environment.put("BMC_PORTS", "5900,443");
    assertEquals(0, run("check-config"));
    List<String> lines = out.toString().lines().toList();
    assertEquals("configuration is good", lines.get(0));
    assertTrue(lines.contains("  token.key               2 (not shown)"), out.toString());
    assertTrue(lines.contains("  proxy.spoolMax          2 GiB"), out.toString());
    assertTrue(lines.contains("  bmc.ports               443, 5900"), out.toString());
    assertFalse(out.toString().contains(TestKeys.FIRST.substring(0, 8)));
    assertEquals("", err.toString());
  }

  @Test
  void overridesAndProfilesOfTheFolderCount() throws Exception {
    writeSettings("bmc: {overrides: [{address: 10.0.0.5, vendor: acme, requests: 2}]}");
    assertEquals(1, run("check-config"));
    assertTrue(err.toString().contains("vendor \"acme\" (10.0.0.5/32) is refused"), err.toString());
    assertEquals(1, run("token --ip 10.0.0.5 --vendor acme"));
    Files.writeString(
        Files.createDirectory(folder.resolve("vendors")).resolve("acme.yaml"), "title: Acme");
    assertEquals(0, run("token --ip 10.0.0.5 --vendor acme"));
    assertEquals(0, run("check-config"));
    assertTrue(
        out.toString().contains("bmc.overrides           10.0.0.5/32 (vendor acme; 2 requests)"),
        out.toString());
  }

  @Test
  void everythingWrongWithTheSettingsIsListed() {
    environment.put("JWT_COOKIE", "pm session");
    environment.put("BMC_TLS", "tls");
    environment.put("LISTEN", "8443");
    environment.put("CERT_PATH", folder.resolve("none.crt").toString());
    assertEquals(1, run("check-config"));
    assertEquals("", out.toString());
    List<String> lines = err.toString().lines().toList();
    assertEquals("configuration is refused:", lines.get(0));
    assertEquals(5, lines.size(), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:8443,0",
    "[::]:443,0",
    "localhost:8443,0",
    "8443,1",
    ":8443,1",
    "[::]:0,1",
    "::1:8443,1",
    "[10.0.0.1]:443,1",
    "0.0.0.0:65536,1",
    "*.example.com:443,1",
  })
  void theConnectorsAddressIsChecked(String listen, int exit) {
    environment.put("LISTEN", listen);
    assertEquals(exit, run("check-config"), err.toString());
  }

  @Test
  void theConnectorsFilesAreChecked() throws Exception {
    Path key = Files.writeString(folder.resolve("key"), "-----BEGIN PRIVATE KEY-----\nAA==\n");
    environment.put("KEY_PATH", key.toString());
    assertEquals(0, run("check-config"), err.toString());
    Files.writeString(key, "-----BEGIN RSA PRIVATE KEY-----\nAA==\n");
    assertEquals(1, run("check-config"));
    assertTrue(err.toString().contains("no \"BEGIN PRIVATE KEY\""), err.toString());
  }

  @Test
  void helpGoesToStandardOutput() {
    assertEquals(0, run("token --help"));
    assertTrue(out.toString().contains("--link"), out.toString());
    assertEquals("", err.toString());
  }

  private void writeSettings(String yaml) throws Exception {
    Files.writeString(folder.resolve("gateway.yaml"), yaml);
    environment.put("BMC_GATEWAY_CONFIG", folder.toString());
  }

  /** Runs words that blanks part; a tilde is a blank within one. */
  private int run(String arguments) {
    CommandLine commands =
        Main.commands(
            name -> Optional.ofNullable(environment.get(name)), Clock.fixed(NOW, ZoneOffset.UTC));
    commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commands.execute(
        Arrays.stream(arguments.split(" "))
            .filter(word -> !word.isEmpty())
            .map(word -> word.replace('~', ' '))
            .toArray(String[]::new));
  }

  private static JWTClaimsSet verified(String token) throws Exception {
    SignedJWT jwt = SignedJWT.parse(token);
    assertTrue(jwt.verify(new MACVerifier(TestKeys.FIRST.getBytes(StandardCharsets.UTF_8))));
    return jwt.getJWTClaimsSet();
  }
}
