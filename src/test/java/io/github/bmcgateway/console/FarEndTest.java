package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a peer counts as lost by what the kernel hears of it. */
class FarEndTest {
  private static final InetSocketAddress HERE = new InetSocketAddress("10.0.0.1", 8443);
  private static final InetSocketAddress THERE = new InetSocketAddress("10.0.0.9", 50_000);
  private static final String KEY = TcpTable.key(HERE, THERE);

  private final FarEnd end = new FarEnd(HERE, THERE);

  private List<Boolean> looks(int... repetitions) {
    return IntStream.of(repetitions)
        .mapToObj(times -> end.isLost(times == 0 ? Map.of() : Map.of(KEY, times)))
        .toList();
  }

  @Test
  void aPeerThatAcknowledgesNothingIsLostAtTheThirdLook() {
    assertEquals(List.of(false, false, true), looks(5, 6, 7));
  }

  @Test
  void fewRepetitionsAreSlownessWhateverTheirDuration() {
    assertEquals(List.of(false, false, false, false, true), looks(1, 2, 3, 3, 4));
  }

  @Test
  void whoAnswersInBetweenIsThere() {
    assertEquals(List.of(false, false, false, false, false), looks(5, 6, 0, 7, 8));
    assertEquals(List.of(false, false, false, false), looks(6, 5, 4, 3));
  }

  @Test
  void aConnectionIsFoundInTheKernelsTable(@TempDir Path folder) throws Exception {
    String head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";
    Path ipv4 =
        Files.writeString(
            folder.resolve("tcp"),
            head
                + "   0: 0100000A:20FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  "
                + "   0        0 1 1 0000000000000000 100 0 0 10 0\n"
                + "   1: 0100000A:20FB 0900000A:C350 01 00000024:00000000 01:00000D22 0000000A  "
                + "   0        0 2 1 0000000000000000 100 0 0 10 0\n");
    Path ipv6 =
        Files.writeString(
            folder.resolve("tcp6"),
            head
                + "   0: 0000000000000000FFFF00000100000A:20FB"
                + " 0000000000000000FFFF00000900000A:C351 01 00000024:00000000 04:00000D22 00000000"
                + "     0        3 2 1 0000000000000000 100 0 0 10 0\n"
                + "   1: B80D0120000000000000000001000000:20FB"
                + " B80D0120000000000000000002000000:C350 01 00000024:00000000 01:00000D22 00000001"
                + "     0        0 2 1 0000000000000000 100 0 0 10 0\n");
    Path missing = folder.resolve("none");

    assertEquals(
        Map.of(
            KEY,
            10,
            TcpTable.key(HERE, new InetSocketAddress("10.0.0.9", 50_001)),
            3,
            TcpTable.key(
                new InetSocketAddress("2001:db8::1", 8443),
                new InetSocketAddress("2001:db8::2", 50_000)),
            1),
        new TcpTable(List.of(ipv4, missing, ipv6)).unanswered());
  }

  @Test
  void theKernelsOwnTableCanBeRead() {
    assertFalse(TcpTable.ofKernel().unanswered().containsKey(KEY));
    assertTrue(new TcpTable(List.of()).unanswered().isEmpty());
  }
}
