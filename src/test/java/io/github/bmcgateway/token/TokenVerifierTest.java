package io.github.bmcgateway.token;

import static io.github.bmcgateway.token.TestTokens.KEY;
import static io.github.bmcgateway.token.TestTokens.encode;
import static io.github.bmcgateway.token.TestTokens.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.token.TokenResult.Expired;
import io.github.bmcgateway.token.TokenResult.Invalid;
import io.github.bmcgateway.token.TokenResult.Reason;
import io.github.bmcgateway.token.TokenResult.Valid;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant SOON = NOW.plusSeconds(1800);

  private final TokenVerifier verifier = verifier(NOW, Optional.empty(), KEY);

  @Test
  void aTokenOfTheOriginalIssuerIsValid() {
    String token =
        token("10.0.0.5", SOON)
            .claim("upstream", "gw1.example.com")
            .claim("iat", NOW.getEpochSecond())
            .claim("nbf", NOW.getEpochSecond() - 10)
            .build();
    Grant grant = valid(token);
    assertEquals("10.0.0.5", grant.address().ip().getHostAddress());
    assertEquals(443, grant.address().port());
    assertEquals("10.0.0.5", grant.address().authority());
    assertEquals(SOON, grant.expires());
    assertEquals(List.of(), grant.audience());
    assertEquals(Optional.empty(), grant.vendor());
  }

  @Test
  void everyClaimReachesTheGrant() {
    Grant grant =
        valid(
            token("fd00::5", SOON)
                .claim("port", 8443)
                .claim("console_port", 5901)
                .claim("host", "bmc-7.lab.example:444")
                .claim("vendor", "idrac9")
                .claim("sub", "tenant-1")
                .claim("jti", "abc")
                .claim("aud", List.of("pm.example.com", "pm2.example.com"))
                .claim("once", false)
                .claim("something", "else")
                .build());
    assertEquals(8443, grant.address().port());
    assertEquals(Optional.of(5901), grant.consolePort());
    assertEquals("bmc-7.lab.example:444", grant.address().authority());
    assertEquals(Optional.of("idrac9"), grant.vendor());
    assertEquals(Optional.of("tenant-1"), grant.subject());
    assertEquals(Optional.of("abc"), grant.tokenId());
    assertEquals(List.of("pm.example.com", "pm2.example.com"), grant.audience());
  }

  @Test
  void anAudienceMayBeASingleString() {
    assertEquals(
        List.of("pm.example.com"),
        valid(token("10.0.0.5", SOON).claim("aud", "pm.example.com").build()).audience());
  }

  @Test
  void theIdentifierTellsTokensApartAndHoldsNoneOfThem() {
    String one = token("10.0.0.5", SOON).claim("jti", "1").build();
    String two = token("10.0.0.5", SOON).claim("jti", "2").build();
    assertEquals(valid(one).id(), valid(one).id());
    assertNotEquals(valid(one).id(), valid(two).id());
    assertFalse(valid(one).toString().contains(one.substring(one.lastIndexOf('.') + 1)));
  }

  @Test
  void theIdentifierIsOfWhatIsSignedNotOfTheSignature() {
    String old = "an older key, still good for a while";
    TokenVerifier rotating = verifier(NOW, Optional.empty(), KEY, old);
    TestTokens token = token("10.0.0.5", SOON);
    Valid one = assertInstanceOf(Valid.class, rotating.verify(token.build()));
    Valid two = assertInstanceOf(Valid.class, rotating.verify(token.key(old).build()));
    assertEquals(one.grant().id(), two.grant().id());
  }

  @Test
  void aLinkWorksOnceIfTheTokenSaysSo() {
    assertTrue(valid(token("10.0.0.5", SOON).claim("once", true).build()).once());
    assertFalse(valid(token("10.0.0.5", SOON).claim("once", false).build()).once());
    assertFalse(valid(token("10.0.0.5", SOON).build()).once());
  }

  @Test
  void aTokenOfAnyConfiguredKeyIsValid() {
    String old = "an older key, still good for a while";
    TokenVerifier rotating = verifier(NOW, Optional.empty(), KEY, old);
    assertInstanceOf(Valid.class, rotating.verify(token("10.0.0.5", SOON).key(old).build()));
    assertInstanceOf(Valid.class, rotating.verify(token("10.0.0.5", SOON).build()));
    assertEquals(Reason.SIGNATURE, reason(token("10.0.0.5", SOON).key(old).build()));
  }

  @Test
  void aShortKeyIsRefusedAtTheStart() {
    assertThrows(
        IllegalArgumentException.class, () -> verifier(NOW, Optional.empty(), "x".repeat(31)));
  }

  @Test
  void expiryIsExact() {
    String token = token("10.0.0.5", SOON).build();
    assertInstanceOf(Valid.class, at(SOON.minusMillis(1)).verify(token));
    Expired expired = assertInstanceOf(Expired.class, at(SOON).verify(token));
    assertEquals("10.0.0.5", expired.grant().address().authority());
  }

  @Test
  void expiryMayHaveAFraction() {
    String token = token("10.0.0.5", SOON).claim("exp", SOON.getEpochSecond() + 0.5).build();
    assertInstanceOf(Valid.class, at(SOON.plusMillis(499)).verify(token));
    assertInstanceOf(Expired.class, at(SOON.plusMillis(500)).verify(token));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nbf", "iat"})
  void theIssuersClockMayBeTenSecondsAhead(String claim) {
    TestTokens token = token("10.0.0.5", SOON);
    valid(token.claim(claim, NOW.getEpochSecond() + 10).build());
    assertEquals(
        Reason.NOT_YET_VALID, reason(token.claim(claim, NOW.getEpochSecond() + 11).build()));
  }

  @Test
  void aTokenThatLivesTooLongIsRefused() {
    Instant longest = NOW.plus(Duration.ofHours(24)).plusSeconds(10);
    valid(token("10.0.0.5", longest).build());
    assertEquals(Reason.LIFETIME, reason(token("10.0.0.5", longest.plusSeconds(1)).build()));
  }

  @Test
  void onlyTheConfiguredIssuerIsTaken() {
    TokenVerifier strict = verifier(NOW, Optional.of("portal"), KEY);
    TestTokens token = token("10.0.0.5", SOON);
    assertEquals(Reason.ISSUER, reason(strict, token.build()));
    assertEquals(Reason.ISSUER, reason(strict, token.claim("iss", "Portal").build()));
    assertInstanceOf(Valid.class, strict.verify(token.claim("iss", "portal").build()));
    valid(token.claim("iss", "anybody").build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bmc.example.com",
        "localhost",
        "",
        "10.0.0",
        "010.0.0.5",
        "0x0a000005",
        "10.0.0.5:443",
        "10.0.0.5/32",
        " 10.0.0.5",
        "fe80::1%eth0",
        "[fd00::5]",
        "fd00::5%25"
      })
  void anAddressHasToBeALiteral(String ip) {
    assertEquals(Reason.CLAIM, reason(token(ip, SOON).build()));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.5, 10.0.0.5",
    "::ffff:10.0.0.5, 10.0.0.5",
    "fd00:0:0:0:0:0:0:5, [fd00::5]",
    "FD00::5, [fd00::5]"
  })
  void anAddressIsTheSameInEverySpelling(String ip, String authority) {
    assertEquals(authority, valid(token(ip, SOON).build()).address().authority());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmc", "bmc.example.com", "BMC_1:8443", "10.0.0.9", "[fd00::9]:444"})
  void aHostIsKeptVerbatim(String host) {
    Grant grant = valid(token("10.0.0.5", SOON).claim("host", host).build());
    assertEquals(host, grant.address().authority());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "user@bmc",
        "bmc\r\nX: y",
        "bmc\u0000",
        "bmc/path",
        "bmc?x",
        "bmc:0",
        "bmc:65536",
        "bmc:",
        "a b",
        "bmc..x",
        ".bmc",
        "fd00::9",
        "[10.0.0.1]x",
        "bücher.example"
      })
  void aHostHasToBeAnAuthority(String host) {
    assertEquals(
        Reason.CLAIM, reason(token("10.0.0.5", SOON).claim("host", host).build()), () -> host);
  }

  static Stream<Arguments> badClaims() {
    return Stream.of(
        Arguments.of("exp", "tomorrow"),
        Arguments.of("exp", -1),
        Arguments.of("exp", 1e300),
        Arguments.of("exp", true),
        Arguments.of("nbf", "now"),
        Arguments.of("iat", List.of()),
        Arguments.of("ip", 167772165),
        Arguments.of("ip", List.of("10.0.0.5")),
        Arguments.of("console_port", 0),
        Arguments.of("console_port", 65536),
        Arguments.of("console_port", "5900"),
        Arguments.of("port", 0),
        Arguments.of("port", 65536),
        Arguments.of("port", -1),
        Arguments.of("port", "443"),
        Arguments.of("port", 443.0),
        Arguments.of("port", 4294967739L),
        Arguments.of("host", 7),
        Arguments.of("vendor", 9),
        Arguments.of("sub", 1),
        Arguments.of("jti", List.of("x")),
        Arguments.of("aud", 1),
        Arguments.of("aud", List.of()),
        Arguments.of("aud", List.of(1)),
        Arguments.of("aud", java.util.Map.of("a", "pm.example.com")),
        Arguments.of("once", "true"));
  }

  @ParameterizedTest
  @MethodSource("badClaims")
  void aClaimOfTheWrongTypeOrRangeIsRefused(String name, Object value) {
    assertEquals(Reason.CLAIM, reason(token("10.0.0.5", SOON).claim(name, value).build()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exp",
        "ip",
        "nbf",
        "iat",
        "port",
        "console_port",
        "host",
        "vendor",
        "aud",
        "sub",
        "jti",
        "once",
        "scope"
      })
  void aNullIsNotTheSameAsAbsent(String name) {
    assertEquals(Reason.CLAIM, reason(token("10.0.0.5", SOON).claim(name, null).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "ip"})
  void aRequiredClaimMayNotBeMissing(String name) {
    assertEquals(Reason.CLAIM, reason(token("10.0.0.5", SOON).without(name).build()));
  }

  @Test
  void aScopeIsKeptAsItIs() {
    List<String> entries = List.of("!GET /admin/**", "console", "GET,HEAD /**");
    Grant grant = valid(token("10.0.0.5", SOON).claim("scope", entries).build());
    assertEquals(entries, grant.scope().orElseThrow().entries());
    assertEquals(Optional.empty(), valid(token("10.0.0.5", SOON).build()).scope());
    List<String> none = List.of();
    assertEquals(
        none,
        valid(token("10.0.0.5", SOON).claim("scope", none).build())
            .scope()
            .orElseThrow()
            .entries());
  }

  static Stream<Object> badScopes() {
    return Stream.of(
        "console",
        Map.of(),
        Map.of("console", "read"),
        1,
        true,
        List.of(1),
        List.of(List.of("console")),
        Arrays.asList("console", null),
        List.of("consoles"),
        List.of("Console"),
        List.of("!console"),
        List.of("console", "GET"),
        List.of("GET /redfish/** "),
        Collections.nCopies(65, "read"));
  }

  @ParameterizedTest
  @MethodSource("badScopes")
  void aScopeThatCannotBeReadMakesTheTokenInvalid(Object scope) {
    assertEquals(Reason.CLAIM, reason(token("10.0.0.5", SOON).claim("scope", scope).build()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS384\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"hs256\"}",
        "{\"alg\":[\"HS256\"]}",
        "{\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWE\"}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"HS256\",\"b64\":true}",
        "{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"zip\":\"DEF\"}"
      })
  void aHeaderDecidesNothing(String header) {
    assertEquals(Reason.HEADER, reason(token("10.0.0.5", SOON).header(header).build()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"alg\":\"HS256\"}", "{\"typ\":\"jwt\",\"alg\":\"HS256\",\"kid\":\"1\"}"})
  void aHeaderMayNameAKeyAndLeaveOutTheType(String header) {
    valid(token("10.0.0.5", SOON).header(header).build());
  }

  @Test
  void anUnsignedTokenIsRefused() {
    String signed = encode("{\"alg\":\"none\"}") + "." + encode(token("10.0.0.5", SOON).payload());
    assertInstanceOf(Invalid.class, verifier.verify(signed + "."));
    String claimsHmac =
        encode("{\"alg\":\"HS256\"}") + "." + encode(token("10.0.0.5", SOON).payload());
    assertEquals(Reason.SIGNATURE, reason(claimsHmac + "."));
    assertEquals(Reason.MALFORMED, reason(claimsHmac));
  }

  @Test
  void aTokenSignedWithAPublicKeyAsSecretOrWithRsaIsRefused() throws Exception {
    var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    String publicKey = Base64.getEncoder().encodeToString(rsa.getPublic().getEncoded());
    assertEquals(Reason.SIGNATURE, reason(token("10.0.0.5", SOON).key(publicKey).build()));

    String signed = encode("{\"alg\":\"RS256\"}") + "." + encode(token("10.0.0.5", SOON).payload());
    Signature signer = Signature.getInstance("SHA256withRSA");
    signer.initSign(rsa.getPrivate());
    signer.update(signed.getBytes(UTF_8));
    assertEquals(Reason.HEADER, reason(signed + "." + encode(signer.sign())));
  }

  @Test
  void aSignatureOfAnotherHashLengthIsRefused() {
    String signed = encode("{\"alg\":\"HS256\"}") + "." + encode(token("10.0.0.5", SOON).payload());
    byte[] long512 = TestTokens.hmac("HmacSHA512", signed, KEY.getBytes(UTF_8));
    assertEquals(Reason.SIGNATURE, reason(signed + "." + encode(long512)));
    byte[] short128 = Arrays.copyOf(TestTokens.hmac("HmacSHA256", signed, KEY.getBytes(UTF_8)), 16);
    assertEquals(Reason.SIGNATURE, reason(signed + "." + encode(short128)));
  }

  @Test
  void aChangedPayloadIsRefused() {
    String[] parts = token("10.0.0.5", SOON).build().split("\\.");
    String other = encode(token("10.0.0.6", SOON).payload());
    assertEquals(Reason.SIGNATURE, reason(parts[0] + "." + other + "." + parts[2]));
  }

  @Test
  void aSecondSpellingOfTheSameBytesIsRefused() {
    String token = token("10.0.0.5", SOON).build();
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = token.charAt(token.length() - 1);
    // 43 characters carry 258 bits for 256: the last two bits of the last one have to be zero.
    char twin = alphabet.charAt(alphabet.indexOf(last) + 1);
    assertEquals(Reason.MALFORMED, reason(token.substring(0, token.length() - 1) + twin));
    assertEquals(Reason.MALFORMED, reason(token + "="));
    assertEquals(Reason.MALFORMED, reason(token + " "));
    assertEquals(Reason.MALFORMED, reason(token + "\n"));
  }

  static Stream<String> malformed() {
    String payload = token("10.0.0.5", SOON).payload();
    String header = "{\"alg\":\"HS256\"}";
    String twice = payload.replaceFirst("\\{", "{\"ip\":\"10.9.9.9\",");
    return Stream.of(
        "",
        ".",
        "..",
        "a.b.c",
        "not a token",
        "\u00e9.\u00e9.\u00e9",
        "{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"e30\",\"signature\":\"\"}]}",
        token("10.0.0.5", SOON).build() + ".e30",
        TestTokens.sign(header, twice, KEY),
        TestTokens.sign("{\"alg\":\"HS256\",\"alg\":\"none\"}", payload, KEY),
        TestTokens.sign("{\"alg\":\"none\",\"alg\":\"HS256\"}", payload, KEY),
        TestTokens.sign("[\"HS256\"]", payload, KEY),
        TestTokens.sign(header, "[" + payload + "]", KEY),
        TestTokens.sign(header, payload + "{}", KEY),
        TestTokens.sign(header, payload.replace("\"", "'"), KEY),
        TestTokens.sign(header, "", KEY),
        TestTokens.sign(header, "null", KEY),
        TestTokens.sign(header, "[".repeat(1500), KEY),
        TestTokens.sign(header, token("10.0.0.5", SOON).build(), KEY),
        TestTokens.signEncoded(
            encode(header)
                + "."
                + encode(payload.getBytes(java.nio.charset.StandardCharsets.UTF_16)),
            KEY),
        TestTokens.signEncoded(
            encode(header) + "." + encode(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}),
            KEY));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatTwoParsersCouldReadDifferentlyIsMalformed(String token) {
    assertEquals(Reason.MALFORMED, reason(token));
  }

  @Test
  void aTokenThatNoBrowserCouldKeepIsRefused() {
    String unpadded = token("10.0.0.5", SOON).claim("sub", "").build();
    String longest = "x".repeat((TokenVerifier.MAX_LENGTH - unpadded.length()) * 3 / 4);
    valid(token("10.0.0.5", SOON).claim("sub", longest).build());
    assertEquals(
        Reason.MALFORMED, reason(token("10.0.0.5", SOON).claim("sub", longest + "xxx").build()));
    assertEquals(Reason.MALFORMED, reason("a".repeat(10_000_000)));
  }

  @Test
  void theSecondSignatureThatEcdsaHasIsTheSameSession() throws InvalidKeysException {
    TestJwks issuer = TestJwks.key("k");
    KeyRing ring = JwkSets.parse(TestJwks.set(issuer));
    TokenVerifier verifier = verifier(Optional.empty(), TokenKeys.of(() -> ring));
    String token = issuer.sign(token("10.0.0.5", SOON));
    String twin = twin(token);
    assertNotEquals(token, twin);
    assertEquals(
        assertInstanceOf(Valid.class, verifier.verify(token)).grant().id(),
        assertInstanceOf(Valid.class, verifier.verify(twin)).grant().id());
  }

  private static String twin(String token) {
    int dot = token.lastIndexOf('.');
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    byte[] other = order.subtract(s).toByteArray();
    Arrays.fill(signature, 32, 64, (byte) 0);
    int length = Math.min(other.length, 32);
    System.arraycopy(other, other.length - length, signature, 64 - length, length);
    return token.substring(0, dot + 1) + encode(signature);
  }

  @Test
  void aDemandedAudienceIsThereAndIsNoHost() {
    TestTokens token = token("10.0.0.5", SOON);
    TokenVerifier strict = verifier(Optional.of("bmc-gateway"), keys());
    for (Object other : List.of("BMC-gateway", "pm.example.com", List.of("bmc", "gateway"))) {
      assertEquals(Reason.AUDIENCE, reason(strict, token.claim("aud", other).build()));
    }
    assertEquals(Reason.AUDIENCE, reason(strict, token.without("aud").build()));
    assertEquals(List.of(), audience(strict, token.claim("aud", "bmc-gateway")));
    assertEquals(
        List.of("pm.example.com"),
        audience(strict, token.claim("aud", List.of("pm.example.com", "bmc-gateway"))));
    TokenVerifier url = verifier(Optional.of("https://pm.example.com/"), keys());
    assertEquals(List.of(), audience(url, token.claim("aud", "https://pm.example.com/")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pm.example.com", "pm:8443", "10.0.0.1", "[fd00::1]", "localhost"})
  void aDemandedAudienceThatIsAHostStaysOne(String host) {
    TokenVerifier strict = verifier(Optional.of(host), keys());
    assertEquals(
        List.of(host, "other"),
        audience(strict, token("10.0.0.5", SOON).claim("aud", List.of(host, "other"))));
  }

  private static List<String> audience(TokenVerifier verifier, TestTokens token) {
    return assertInstanceOf(Valid.class, verifier.verify(token.build())).grant().audience();
  }

  private static TokenKeys keys() {
    return TokenKeys.of(List.of(Secret.of(KEY)));
  }

  private static TokenVerifier verifier(Optional<String> audience, TokenKeys keys) {
    return new TokenVerifier(
        new GatewayConfig.Token(
            List.of(),
            Optional.empty(),
            Optional.empty(),
            audience,
            Optional.empty(),
            Duration.ofHours(24)),
        keys,
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private Grant valid(String token) {
    return assertInstanceOf(Valid.class, verifier.verify(token)).grant();
  }

  private Reason reason(String token) {
    return reason(verifier, token);
  }

  private static Reason reason(TokenVerifier verifier, String token) {
    return assertInstanceOf(Invalid.class, verifier.verify(token)).reason();
  }

  private static TokenVerifier at(Instant now) {
    return verifier(now, Optional.empty(), KEY);
  }

  private static TokenVerifier verifier(Instant now, Optional<String> issuer, String... keys) {
    List<Secret> secrets = Arrays.stream(keys).map(Secret::of).toList();
    return new TokenVerifier(
        new GatewayConfig.Token(secrets, issuer, Duration.ofHours(24)),
        Clock.fixed(now, ZoneOffset.UTC));
  }
}
