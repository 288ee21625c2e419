package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.eclipse.jetty.util.IO;
import org.junit.jupiter.api.Test;

/** Where there is no room for a body whose length isn't known. */
class SpoolSpaceTest {
  private static final String HEAD =
      "PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static final int BYTES = 90_000;
  private static final String CHUNK = chunk(BYTES);

  /** The last bytes of it are too much then, so that nothing of it is left unread. */
  private static final String CHUNK_TOO_MUCH =
      chunk((int) (ProxyFixture.SPOOL_MAX * 3 / 2) - BYTES + 10);

  private static final String END = "0\r\n\r\n";

  @Test
  void allBodiesTogetherHaveOneBoundAndGiveBackWhatTheyHad() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(SpoolSpaceTest::store);
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient first = new RawClient(gateway.port());
        RawClient second = new RawClient(gateway.port());
        RawClient third = new RawClient(gateway.port())) {
      first.send(HEAD).send(CHUNK);
      Eventually.holds("first spooled", () -> spooled(gateway) == BYTES);
      assertNoRoom(second.send(HEAD).send(CHUNK_TOO_MUCH).answer());
      Eventually.holds("second gone", () -> spooled(gateway) == BYTES);
      assertEquals(200, first.send(END).answer().status());
      Eventually.holds("first gone", () -> spooled(gateway) == 0);
      assertEquals(200, third.send(HEAD).send(CHUNK).send(END).answer().status());
    }
  }

  @Test
  void aFolderThatTakesNoFileIsNoFaultOfTheBrowsers() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(SpoolSpaceTest::store);
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      IO.delete(gateway.spoolDir);
      assertNoRoom(browser.send(HEAD).send(END).answer());
      assertEquals(0, bmc.exchanges().size());
    }
  }

  private static String chunk(int bytes) {
    return Integer.toHexString(bytes) + "\r\n" + "x".repeat(bytes) + "\r\n";
  }

  private static void store(ScriptedBmc.Exchange exchange) throws IOException {
    exchange.body();
    exchange.ok("", "stored");
  }

  private static void assertNoRoom(Answer answer) {
    assertEquals(503, answer.status(), answer::text);
    assertTrue(answer.text().contains("\"busy\""), answer::text);
    assertTrue(answer.has("Retry-After"), answer::head);
  }

  private static long spooled(ProxyFixture gateway) {
    long bytes = 0;
    try {
      for (Path file : gateway.spoolFiles()) {
        // Deleted since it was listed, it has none.
        bytes += file.toFile().length();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
