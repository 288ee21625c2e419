package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of remembered certificates, its readers and its writers. */
final class PinFileTest {
  private static final Instant THEN = Instant.parse("2026-11-22T02:30:00Z");
  private static final PinFile.Entry AB = new PinFile.Entry(new Fingerprint("ab".repeat(32)), THEN);
  private static final PinFile.Entry CD = new PinFile.Entry(new Fingerprint("cd".repeat(32)), THEN);

  @TempDir Path folder;

  private Path path;
  private PinFile file;

  @BeforeEach
  void name() {
    path = folder.resolve("pins");
    file = new PinFile(path);
  }

  @Test
  void peopleCanReadIt() throws Exception {
    assertEquals(Map.of(), file.read());
    file.put(at("10.0.0.5", 443), AB, PinFile.Existing.KEEP);
    file.put(at("fd00::5", 5900), CD, PinFile.Existing.KEEP);
    List<String> lines = Files.readAllLines(path);
    assertEquals("10.0.0.5:443 " + AB.fingerprint() + " 2026-11-22T02:30:00Z", lines.get(2));
    assertEquals("[fd00::5]:5900 " + CD.fingerprint() + " 2026-11-22T02:30:00Z", lines.get(3));
    assertEquals(Map.of(at("10.0.0.5", 443), AB, at("fd00::5", 5900), CD), file.read());
  }

  @Test
  void anEntryStaysUnlessItIsReplaced() throws Exception {
    Endpoint bmc = at("10.0.0.5", 443);
    file.put(bmc, AB, PinFile.Existing.KEEP);
    assertEquals(Map.of(bmc, AB), file.put(bmc, CD, PinFile.Existing.KEEP));
    assertEquals(Map.of(bmc, CD), file.put(bmc, CD, PinFile.Existing.REPLACE));
    assertEquals(Map.of(bmc, CD), file.read());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.5:443",
        "10.0.0.5 FINGERPRINT 2026-11-22T02:30:00Z",
        "bmc.lan:443 FINGERPRINT 2026-11-22T02:30:00Z",
        "10.0.0.5:0443 FINGERPRINT 2026-11-22T02:30:00Z",
        "10.0.0.5:443 abcd 2026-11-22T02:30:00Z",
        "10.0.0.5:443 FINGERPRINT yesterday",
        "10.0.0.5:443 FINGERPRINT 2026-11-22T02:30:00Z more",
        "10.0.0.9:443 FINGERPRINT 2026-11-22T02:30:00Z",
      })
  void aLineThatIsNotUnderstoodIsNamed(String line) throws Exception {
    String text = line.replace("FINGERPRINT", AB.fingerprint().toString());
    String first = "10.0.0.9:443 " + AB.fingerprint() + " 2026-11-22T02:30:00Z\n";
    Files.writeString(path, "# comment\n" + first + text + "\n");
    String message = assertThrows(IOException.class, file::read).getMessage();
    assertTrue(message.startsWith("line 3 isn't understood"), message);
    assertThrows(
        IOException.class, () -> file.put(at("10.0.0.1", 443), AB, PinFile.Existing.REPLACE));
    assertTrue(Files.readString(path).endsWith(text + "\n"));
  }

  @Test
  void writersDoNotLoseEachOthersEntriesAndReadersSeeWholeFiles() throws Exception {
    int writers = 4;
    int each = 10;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<Void>> work = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      String network = "10.0." + writer + ".";
      Callable<Void> task =
          () -> {
            PinFile own = new PinFile(path);
            for (int i = 0; i < each; i++) {
              own.put(at(network + i, 443), AB, PinFile.Existing.KEEP);
              assertTrue(own.read().size() > i);
            }
            return null;
          };
      work.add(threads.submit(task));
    }
    for (Future<Void> task : work) {
      task.get();
    }
    threads.shutdown();
    assertEquals(writers * each, file.read().size());
  }

  @Test
  void itIsBounded() throws Exception {
    String rest = ":443 " + AB.fingerprint() + " " + THEN + "\n";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1 << 16; i++) {
      text.append("10.0." + (i >> 8) + "." + (i & 255) + rest);
    }
    Files.writeString(path, text, StandardCharsets.US_ASCII);
    assertEquals(1 << 16, file.read().size());
    String message =
        assertThrows(
                IOException.class, () -> file.put(at("10.9.0.1", 443), AB, PinFile.Existing.KEEP))
            .getMessage();
    assertTrue(message.startsWith("full"), message);
    assertEquals(1 << 16, file.put(at("10.0.0.1", 443), CD, PinFile.Existing.REPLACE).size());
  }

  private static Endpoint at(String ip, int port) throws Exception {
    return new Endpoint(InetAddress.getByName(ip), port);
  }
}
