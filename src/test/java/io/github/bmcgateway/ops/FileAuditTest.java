package io.github.bmcgateway.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.AuditLine.Text;
import io.github.bmcgateway.ops.FileAudit.Rotation;
import io.github.bmcgateway.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuditTest {
  @TempDir Path folder;

  private Path file = Path.of("unset");

  @BeforeEach
  void name() {
    file = folder.resolve("audit.jsonl");
  }

  private FileAudit open(Rotation rotation) {
    return FileAudit.open(file, rotation, Clock.systemUTC());
  }

  private static void tell(Audit audit, String sub) {
    audit.tell(new AuditLine(Event.REQUEST).with(Text.SUB, sub));
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (NoSuchFileException e) {
      // Not made yet, or renamed this moment.
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatWasToldIsThereWhenItIsClosedAndIsKeptByTheNextStart() throws Exception {
    for (int start = 0; start < 2; start++) {
      try (FileAudit audit = open(Rotation.STANDARD)) {
        for (int i = 0; i < 1000; i++) {
          tell(audit, "s" + i);
        }
      }
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(2000, lines.size());
    assertTrue(lines.get(999).contains("\"s999\""));
  }

  @Test
  void aLongFileGivesWayAndTheOldestIsDeleted() throws Exception {
    try (FileAudit audit = open(new Rotation(/* maxBytes= */ 1, /* kept= */ 2))) {
      for (String sub : List.of("one", "two", "three", "four")) {
        tell(audit, sub);
        Eventually.holds(sub, () -> holds(file, sub));
      }
    }
    assertTrue(holds(folder.resolve("audit.jsonl.1"), "three"));
    assertTrue(holds(folder.resolve("audit.jsonl.2"), "two"));
    assertFalse(Files.exists(folder.resolve("audit.jsonl.3")));
  }

  @Test
  void aFileThatWasRenamedIsMadeAnew() throws Exception {
    try (FileAudit audit = open(Rotation.STANDARD)) {
      tell(audit, "before");
      Eventually.holds("written", () -> holds(file, "before"));
      Path away = folder.resolve("away");
      Files.move(file, away);
      Eventually.holds("made anew", () -> Files.exists(file));
      tell(audit, "after");
      Eventually.holds("written", () -> holds(file, "after"));
      assertFalse(holds(away, "after"));
    }
  }

  @Test
  void linesThatCouldNotBeWrittenAreCounted() throws Exception {
    Files.createDirectory(file);
    try (FileAudit audit = open(Rotation.STANDARD)) {
      tell(audit, "lost");
      tell(audit, "lost too");
      Eventually.holds("not kept in the queue", () -> audit.lost() == 2);
      Files.delete(file);
      Eventually.holds("the gap is told", () -> holds(file, "\"reason\":\"2 lines lost\""));
      assertEquals(2, audit.lostInAll());
      tell(audit, "after");
    }
    assertTrue(holds(file, "after"));
    assertTrue(holds(file, "\"event\":\"denied\""));
  }

  @Test
  void whoTellsTooMuchAtOnceDoesNotWait() throws Exception {
    Files.createDirectory(file);
    long told = 100_000;
    try (FileAudit audit = open(Rotation.STANDARD)) {
      for (int i = 0; i < told; i++) {
        tell(audit, "s");
      }
      Eventually.holds("counted or lost, none forgotten", () -> audit.lost() == told);
    }
  }
}
