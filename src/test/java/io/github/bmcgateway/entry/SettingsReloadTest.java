package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.config.TestKeys;
import io.github.bmcgateway.ops.Reloads;
import io.github.bmcgateway.testing.LogLines;
import io.github.bmcgateway.token.TestTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReloadTest {
  private static final String FIRST = "token: {key: " + TestKeys.FIRST + ", issuer: first}\n";
  private static final String SECOND = "token: {key: " + TestKeys.SECOND + ", issuer: second}\n";

  @TempDir private Path folder;

  private Runnable duringLoad = () -> {};
  private final Map<String, String> environment = new HashMap<>();
  private final Reloads reloads = new Reloads();
  private final List<Settings> taken = new ArrayList<>();
  private final LogLines log = LogLines.open();
  private List<String> refusal = List.of();
  private Settings started;
  private SettingsReload reload;

  @BeforeEach
  void start() throws Exception {
    environment.put(ConfigLoader.FOLDER, folder.toString());
    write(FIRST);
    restart();
  }

  @AfterEach
  void stopLog() {
    log.close();
  }

  private void restart() throws RefusedSettingsException {
    SettingsFiles files = new SettingsFiles(this::lookup, /* jettyBase= */ Optional.empty());
    String fingerprint = files.fingerprint();
    started = files.load();
    reload = new SettingsReload(files, started, fingerprint, this::take, reloads);
  }

  private Optional<String> lookup(String name) {
    if (name.equals("JWT_KEY")) {
      duringLoad.run();
    }
    return Optional.ofNullable(environment.get(name));
  }

  private void take(Settings settings) throws RefusedSettingsException {
    if (!refusal.isEmpty()) {
      throw new RefusedSettingsException(refusal);
    }
    taken.add(settings);
  }

  private void write(String yaml) throws IOException {
    Files.writeString(folder.resolve("gateway.yaml"), yaml);
  }

  private void profile(String yaml) throws IOException {
    Path vendors = Files.createDirectories(folder.resolve("vendors"));
    Files.writeString(vendors.resolve("acme.yaml"), yaml);
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      reload.look();
    }
  }

  private String issuer(int index) {
    return taken.get(index).config().token().issuer().orElseThrow();
  }

  @Test
  void aChangeIsTakenUpOnceWhenTwoLooksHaveFoundIt() throws Exception {
    look(3);
    write(SECOND);
    look(1);
    assertEquals(List.of(), taken);
    look(5);
    assertEquals(1, taken.size());
    assertEquals("second", issuer(0));
    assertEquals(1, reloads.taken());
    assertEquals(0, reloads.refused());
  }

  @Test
  void aFileThatKeepsItsDateAndIsReplacedByAnotherIsStillSeen() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), SECOND);
    FileTime date = Files.getLastModifiedTime(folder.resolve("gateway.yaml"));
    Files.move(other, folder.resolve("gateway.yaml"), StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(folder.resolve("gateway.yaml"), date);
    look(2);
    assertEquals("second", issuer(0));
  }

  @Test
  void whatIsWrittenAtEveryLookCostsNothingUntilItSettles() throws Exception {
    for (int i = 0; i < 50; i++) {
      write(i % 2 == 0 ? SECOND + "#" + i : "not: yaml: " + i);
      look(1);
    }
    assertEquals(List.of(), taken);
    assertEquals(0, reloads.refused());
    write(SECOND);
    look(2);
    assertEquals("second", issuer(0));
    assertEquals(1, reloads.taken());
  }

  @ParameterizedTest
  @ValueSource(strings = {SECOND, "half: a: file"})
  void whatChangesWhileItIsLoadedIsNeitherTakenUpNorRefused(String yaml) throws Exception {
    write(yaml);
    duringLoad = () -> assertDoesNotThrow(() -> profile("title: Acme"));
    look(2);
    assertEquals(List.of(), taken);
    assertEquals(0, reloads.refused());
    duringLoad = () -> {};
    write(SECOND);
    look(2);
    assertEquals("second", issuer(0));
  }

  @Test
  void aBadChangeIsLoggedOnceWithoutSecretsAndLeavesTheOldInForce() throws Exception {
    write("token: {key: PLANTED-SECRET}\nbmc: {networks: everywhere}\nsesion: {}\n");
    look(3 * SettingsReload.LOOKS_UNTIL_RETRY);
    assertEquals(List.of(), taken);
    assertEquals(1, reloads.refused());
    assertEquals(3, reloads.problems().size(), reloads.problems()::toString);
    for (String key : List.of("token.key: ", "bmc.networks: \"everywhere\"", "sesion ")) {
      assertEquals(1, log.with("the old ones stay in force: " + key).size(), key);
    }
    assertEquals(List.of(), log.with("PLANTED"));
    assertTrue(reloads.problems().stream().noneMatch(problem -> problem.contains("PLANTED")));
    write(SECOND);
    look(2);
    assertEquals("second", issuer(0));
    assertEquals(List.of(), reloads.problems());
  }

  @Test
  void aMissingFileIsABadChangeAndItsReturnIsNone() throws Exception {
    Files.delete(folder.resolve("gateway.yaml"));
    look(2);
    assertEquals(1, reloads.refused());
    write(FIRST);
    look(2);
    assertEquals(List.of(), taken);
    assertEquals(List.of(), reloads.problems());
  }

  @Test
  void whatARefusedChangeLackedIsFoundWithoutAFurtherChange() throws Exception {
    Path spool = folder.resolve("spool");
    write(SECOND + "proxy: {spoolDir: " + spool + "}\n");
    look(2);
    assertEquals(1, reloads.refused());
    Files.createDirectory(spool);
    look(SettingsReload.LOOKS_UNTIL_RETRY - 1);
    assertEquals(List.of(), taken);
    look(1);
    assertEquals("second", issuer(0));
  }

  @Test
  void aChangeThatCannotBePutInForceIsRefusedAndComparedWithWhatIs() throws Exception {
    refusal = List.of("token.jwks: not today");
    write(SECOND);
    look(2);
    assertEquals(refusal, reloads.problems());
    refusal = List.of();
    look(SettingsReload.LOOKS_UNTIL_RETRY);
    assertEquals("second", issuer(0));
    write(FIRST);
    look(2);
    assertEquals("first", issuer(1));
  }

  @Test
  void whatIsFixedKeepsItsValueAndIsNamedOnce() throws Exception {
    String fixed =
        "session: {cookie: other, path: /other, publicHosts: pm.example.com}\n"
            + "ops: {auditLog: "
            + folder.resolve("audit.jsonl")
            + "}\nrevocation: {file: "
            + folder.resolve("revocations.jsonl")
            + "}\n";
    write(FIRST + fixed);
    look(5);
    write(SECOND + fixed);
    look(5);
    assertEquals(2, taken.size());
    for (Settings each : taken) {
      assertEquals("pm-session", each.config().session().cookie());
      assertEquals("/gpsession", each.config().session().path());
      assertEquals(1, each.config().session().publicHosts().size());
      assertEquals(started.config().ops(), each.config().ops());
      assertEquals(started.config().admin(), each.config().admin());
    }
    List<String> keys =
        List.of("session.cookie", "session.path", "ops.auditLog", "revocation.file");
    for (String key : keys) {
      assertEquals(1, log.with(key + ": the change takes effect after a restart").size(), key);
    }
  }

  @Test
  void profilesAreNewOnlyIfTheySaySomethingElse() throws Exception {
    profile("title: Acme");
    look(2);
    assertNotSame(started.profiles(), taken.get(0).profiles());
    write(SECOND);
    look(2);
    assertSame(taken.get(0).profiles(), taken.get(1).profiles());
    profile("title: Acme # the same");
    look(2);
    assertEquals(2, taken.size());
    profile("title: Acme Corporation");
    look(2);
    assertNotEquals(taken.get(1).profiles(), taken.get(2).profiles());
    profile("titel: Acme");
    look(2);
    assertEquals(1, log.with("titel").size());
    profile("{title: Acme, version: 2}");
    look(2);
    assertEquals(1, log.with("acme.yaml: version: no such key here").size());
    assertEquals(3, taken.size());
  }

  @Test
  void aSecretInAFileOfItsOwnIsTakenUp() throws Exception {
    Path key = Files.writeString(folder.resolve("admin"), TestTokens.KEY + "-an-admins");
    environment.put("ADMIN_KEY_FILE", key.toString());
    restart();
    Files.writeString(key, "a-further-" + TestKeys.SECOND);
    look(2);
    assertEquals(
        Optional.of(Secret.of("a-further-" + TestKeys.SECOND)),
        taken.get(0).config().admin().key());
  }

  @Test
  void theEnvironmentStillWins() throws Exception {
    environment.put("JWT_KEY", TestKeys.SECOND);
    restart();
    write("token: {key: " + TestTokens.KEY + ", issuer: third}\n");
    look(2);
    assertEquals("third", issuer(0));
    assertEquals(List.of(Secret.of(TestKeys.SECOND)), taken.get(0).config().token().keys());
  }

  @Test
  void whatChangesBetweenLoadingAndTheFirstLookIsSeen() throws Exception {
    SettingsFiles files = new SettingsFiles(this::lookup, /* jettyBase= */ Optional.empty());
    String fingerprint = files.fingerprint();
    Settings settings = files.load();
    write(SECOND);
    Files.setLastModifiedTime(folder.resolve("gateway.yaml"), FileTime.from(Instant.EPOCH));
    reload = new SettingsReload(files, settings, fingerprint, this::take, reloads);
    look(2);
    assertEquals("second", issuer(0));
  }
}
