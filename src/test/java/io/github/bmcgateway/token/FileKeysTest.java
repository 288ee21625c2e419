package io.github.bmcgateway.token;

import static io.github.bmcgateway.token.TestTokens.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.JwkSetLocation;
import io.github.bmcgateway.config.KeyFile;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.config.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class FileKeysTest {
  private static final TestJwks OLD = TestJwks.key("old");
  private static final TestJwks NEW = TestJwks.key("new");
  private static final TestTokens TOKEN = token("10.0.0.5", Instant.now().plusSeconds(1800));

  @TempDir Path folder;

  @Test
  void aChangeIsTakenUpOnceItIsFoundTwice() throws Exception {
    FileKeys keys = jwks(TestJwks.set(OLD));
    write(TestJwks.set(OLD, NEW));
    keys.look();
    assertFalse(accepts(keys, NEW));
    keys.look();
    assertTrue(accepts(keys, NEW));
    assertTrue(accepts(keys, OLD));
    write(TestJwks.set(NEW));
    keys.look();
    keys.look();
    assertFalse(accepts(keys, OLD));
  }

  @Test
  void aChangeIsTakenUpThatKeepsDateAndLength() throws Exception {
    FileKeys keys = jwks(TestJwks.set(OLD));
    FileTime date = Files.getLastModifiedTime(file());
    write(TestJwks.set(NEW));
    Files.setLastModifiedTime(file(), date);
    keys.look();
    keys.look();
    assertTrue(accepts(keys, NEW));
  }

  @Test
  void aBadChangeIsLoggedOnceAndLeavesTheOldKeysInForce() throws Exception {
    FileKeys keys = jwks(TestJwks.set(OLD));
    try (Log log = new Log()) {
      for (String bad : List.of("{\"keys\":[{\"kty\":\"oct\",\"k\":\"PLANTED\"}]}", "PLANTED")) {
        write(bad);
        for (int i = 0; i < 5; i++) {
          keys.look();
        }
      }
      Files.delete(file());
      for (int i = 0; i < 5; i++) {
        keys.look();
      }
      assertTrue(accepts(keys, OLD));
      assertTrue(log.lines().size() == 3, log.lines().toString());
      assertFalse(log.lines().toString().contains("PLANTED"), log.lines().toString());
      write(TestJwks.set(OLD));
      keys.look();
      keys.look();
      assertTrue(accepts(keys, OLD));
    }
  }

  @Test
  void aFileMayNotBeLongWithoutEnd() throws Exception {
    String set = TestJwks.set(OLD);
    jwks(set + " ".repeat(JwkSets.MAX_BYTES - set.length()));
    String longer = set + " ".repeat(JwkSets.MAX_BYTES - set.length() + 1);
    assertTrue(refused(longer).contains("longer than 256 KiB"), refused(longer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"keys\":[]}", "no JSON"})
  void aFileThatCantBeUsedStopsTheStartWithOneLine(String content) {
    String line = refused(content);
    assertTrue(line.startsWith("token.jwks: the file " + file() + " is refused: "), line);
    assertFalse(line.contains("\n"), line);
  }

  @Test
  void aFileThatIsntThereStopsTheStart() {
    GatewayConfig.Token config = config(Optional.empty(), Optional.of(file()));
    assertThrows(InvalidKeysException.class, () -> TokenKeys.check(config));
    assertThrows(InvalidKeysException.class, () -> TokenKeys.open(config).close());
  }

  @Test
  void bothFilesAreTakenUpWhileRunning() throws Exception {
    Path secrets = folder.resolve("secrets");
    Files.writeString(secrets, TestKeys.FIRST + "\n");
    write(TestJwks.set(OLD));
    GatewayConfig.Token config = config(Optional.of(secrets), Optional.of(file()));
    try (TokenKeys keys = TokenKeys.open(config)) {
      TokenVerifier verifier = new TokenVerifier(config, keys, Clock.systemUTC());
      assertValid(verifier, TOKEN.key(TestKeys.FIRST).build());
      Files.writeString(secrets, "too short");
      write(TestJwks.set(NEW));
      lookTwice(keys);
      assertTrue(accepts(verifier, NEW.sign(TOKEN)));
      assertValid(verifier, TOKEN.key(TestKeys.FIRST).build());
      Files.writeString(secrets, TestKeys.SECOND);
      lookTwice(keys);
      assertTrue(accepts(verifier, TOKEN.key(TestKeys.SECOND).build()));
      assertFalse(accepts(verifier, TOKEN.key(TestKeys.FIRST).build()));
      assertEquals(List.of(Secret.of(TestKeys.SECOND)), verifier.secrets());
    }
  }

  /** Once to see a change, once to see that it has settled. */
  private static void lookTwice(TokenKeys keys) {
    keys.look();
    keys.look();
  }

  private static void assertValid(TokenVerifier verifier, String token) {
    assertInstanceOf(TokenResult.Valid.class, verifier.verify(token));
  }

  private static boolean accepts(TokenVerifier verifier, String token) {
    return verifier.verify(token) instanceof TokenResult.Valid;
  }

  private static boolean accepts(KeySource keys, TestJwks issuer) {
    TokenVerifier verifier =
        new TokenVerifier(
            config(Optional.empty(), Optional.empty()), TokenKeys.of(keys), Clock.systemUTC());
    return accepts(verifier, issuer.sign(TOKEN));
  }

  private static GatewayConfig.Token config(Optional<Path> secrets, Optional<Path> jwks) {
    return new GatewayConfig.Token(
        List.of(Secret.of(TestKeys.FIRST)),
        secrets.map(KeyFile::new),
        jwks.map(JwkSetLocation.InFile::new),
        Optional.empty(),
        Optional.empty(),
        Duration.ofHours(24));
  }

  private FileKeys jwks(String content) throws Exception {
    write(content);
    return new FileKeys("token.jwks", file(), JwkSets.MAX_BYTES, JwkSets::parse);
  }

  private String refused(String content) {
    return assertThrows(InvalidKeysException.class, () -> jwks(content)).getMessage();
  }

  private Path file() {
    return folder.resolve("jwks.json");
  }

  private void write(String content) throws IOException {
    Files.writeString(file(), content);
  }

  /** What the class under test logs. */
  private static final class Log implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(FileKeys.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    Log() {
      events.start();
      logger.addAppender(events);
    }

    List<String> lines() {
      return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
      logger.detachAppender(events);
    }
  }
}
