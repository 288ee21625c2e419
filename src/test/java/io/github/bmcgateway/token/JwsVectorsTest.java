package io.github.bmcgateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the corpus of {@code src/test/resources/jws}, whose README says what it holds. */
final class JwsVectorsTest {
  private static final JsonNode CORPUS = read();

  static Stream<Arguments> vectors() throws InvalidKeysException {
    List<Arguments> vectors = new ArrayList<>();
    for (JsonNode group : CORPUS.path("groups")) {
      TokenVerifier verifier = verifier(group);
      for (JsonNode vector : group.path("vectors")) {
        String name =
            "%s, %s: %s"
                .formatted(
                    group.path("name").textValue(),
                    vector.path("class").textValue(),
                    vector.path("name").textValue());
        vectors.add(
            Arguments.of(
                Named.of(name, vector.path("token").textValue()),
                verifier,
                vector.path("result").textValue()));
      }
    }
    return vectors.stream();
  }

  @ParameterizedTest(name = "{0} is {2}")
  @MethodSource("vectors")
  void aVectorHasItsResult(String token, TokenVerifier verifier, String expected) {
    TokenResult result = verifier.verify(token);
    assertEquals(
        expected,
        result instanceof TokenResult.Invalid invalid ? invalid.reason().name() : "VALID",
        token);
  }

  @Test
  void everyAlgorithmHasAValidVector() {
    Set<String> missing =
        new TreeSet<>(
            Set.of(
                "HS256", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                "ES512", "EdDSA", "Ed25519"));
    for (JsonNode vector : CORPUS.path("groups").path(0).path("vectors")) {
      if ("VALID".equals(vector.path("result").textValue())) {
        missing.remove(vector.path("name").textValue());
      }
    }
    assertTrue(missing.isEmpty(), missing.toString());
  }

  private static TokenVerifier verifier(JsonNode group) throws InvalidKeysException {
    List<Secret> secrets = new ArrayList<>();
    group.path("secrets").forEach(secret -> secrets.add(Secret.of(secret.textValue())));
    List<KeySource> sources = new ArrayList<>(List.of(() -> KeyRing.ofSecrets(secrets)));
    if (group.has("jwks")) {
      KeyRing keys = JwkSets.parse(group.path("jwks").toString());
      sources.add(() -> keys);
    }
    return new TokenVerifier(
        new GatewayConfig.Token(secrets, Optional.empty(), Duration.ofHours(24)),
        TokenKeys.of(sources.toArray(KeySource[]::new)),
        Clock.fixed(Instant.parse(CORPUS.path("now").textValue()), ZoneOffset.UTC));
  }

  private static JsonNode read() {
    try (InputStream in = JwsVectorsTest.class.getResourceAsStream("/jws/vectors.json")) {
      return JsonMapper.builder().build().readTree(in);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
