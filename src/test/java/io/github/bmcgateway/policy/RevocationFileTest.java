package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.policy.Revocations.Outcome;
import io.github.bmcgateway.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationFileTest {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final String OLD = "{\"jti\":\"old\",\"before\":\"2026-11-22T11:00:00Z\"}";

  @TempDir Path folder;

  private final ManualTime time = new ManualTime(START);
  private final RevocationJson json = new RevocationJson(time.clock());
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private Outcome outcome = Outcome.ADDED;
  private Path path = Path.of("unset");

  @BeforeEach
  void name() {
    path = folder.resolve("revocations.jsonl");
  }

  private RevocationFile file() {
    return new RevocationFile(
        path,
        json,
        revocation -> {
          taken.add(revocation.value());
          return outcome;
        });
  }

  @Test
  void aLineIsTakenUpOnceHoweverOftenTheFileChanges() throws Exception {
    try (RevocationFile file = file()) {
      file.look();
      Files.writeString(path, OLD + "\n{\"sub\":\"ada\"}\n");
      file.look();
      Files.writeString(path, OLD + "\n\n{\"sub\":\"ada\"}\n{\"bmc\":\"10.0.0.5\"}");
      file.look();
      assertEquals(List.of("old", "ada", "10.0.0.5"), taken);
    }
  }

  @Test
  void aBadLineCountsForNothingAndTheOthersCount() throws Exception {
    Files.writeString(path, "{\"sub\":\n" + OLD + "\n\u0000\n{\"sub\":\"ada\"}\n");
    try (RevocationFile file = file()) {
      file.look();
      assertEquals(List.of("old", "ada"), taken);
    }
  }

  @Test
  void aFileThatCantBeReadIsTriedAgain() throws Exception {
    Files.createDirectory(path);
    try (RevocationFile file = file()) {
      file.look();
      Files.delete(path);
      file.look();
      Files.writeString(path, OLD);
      file.look();
      assertEquals(List.of("old"), taken);
    }
  }

  @Test
  void aLineForWhichThereWasNoRoomIsTriedAgain() throws Exception {
    try (RevocationFile file = file()) {
      outcome = Outcome.FULL;
      Files.writeString(path, OLD);
      file.look();
      outcome = Outcome.ADDED;
      Files.writeString(path, OLD + "\n");
      file.look();
      file.look();
      assertEquals(List.of("old", "old"), taken);
    }
  }

  @Test
  void whatIsAppendedStandsOnALineOfItsOwnAndIsFoundByTheNextStart() throws Exception {
    Files.writeString(path, OLD);
    try (RevocationFile file = file()) {
      file.look();
      file.append(json.read("{\"sub\":\"ada\"}"));
      file.append(json.read("{\"sub\":\"bob\"}"));
      file.look();
      assertEquals(List.of("old"), taken);
    }
    assertEquals(3, Files.readAllLines(path).size());
    try (RevocationFile next = file()) {
      next.look();
      assertEquals(List.of("old", "old", "ada", "bob"), taken);
    }
  }

  @Test
  void whatComesIsTakenUpWhileTheGatewayRuns() throws IOException {
    try (RevocationFile file = file()) {
      file.watch(Duration.ofMillis(20));
      Files.writeString(path, OLD);
      Eventually.holds("the line is taken up", () -> taken.contains("old"));
      assertTrue(Files.exists(path));
    }
  }
}
