package io.github.bmcgateway.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Linux knows of TCP connections and Java doesn't tell: which peers leave packets
 * unacknowledged. It tells a network that has vanished from a peer that only doesn't read, whose
 * kernel still answers. Elsewhere the table is empty. Safe for use by several threads.
 *
 * @see <a href="https://docs.kernel.org/networking/proc_net_tcp.html">proc_net_tcp</a>
 */
final class TcpTable {
  private static final Logger LOG = LoggerFactory.getLogger(TcpTable.class);
  private static final String MAPPED_IPV4 = "0000000000000000FFFF0000";
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int RETRANSMITS = 6;
  private static final int PROBES = 8;

  private final List<Path> files;

  TcpTable(List<Path> files) {
    this.files = files;
  }

  /** The table of this process's network namespace. */
  static TcpTable ofKernel() {
    return new TcpTable(List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6")));
  }

  /** How the table names a connection. */
  static String key(InetSocketAddress local, InetSocketAddress remote) {
    return end(local) + " " + end(remote);
  }

  private static String end(InetSocketAddress end) {
    return address(end.getAddress()) + ":" + "%04X".formatted(end.getPort());
  }

  /** Words of 32 bits, each in the machine's order of bytes. */
  private static String address(InetAddress address) {
    StringBuilder hex = new StringBuilder();
    ByteBuffer words = ByteBuffer.wrap(address.getAddress()).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      hex.append("%08X".formatted(words.getInt()));
    }
    return hex.toString();
  }

  /** How often each connection's first unacknowledged packet or probe was repeated, if it was. */
  Map<String, Integer> unanswered() {
    Map<String, Integer> found = new HashMap<>();
    for (Path file : files) {
      try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
        lines.readLine();
        lines.lines().forEach(line -> add(line, found));
      } catch (IOException e) {
        LOG.debug("{} can't be read", file, e);
      }
    }
    return found;
  }

  private static void add(String line, Map<String, Integer> found) {
    String[] fields = line.strip().split(" +", PROBES + 2);
    if (fields.length > PROBES) {
      int times = Integer.parseInt(fields[RETRANSMITS], 16) + Integer.parseInt(fields[PROBES]);
      if (times > 0) {
        found.put(end(fields[LOCAL]) + " " + end(fields[REMOTE]), times);
      }
    }
  }

  /** Sockets for both kinds of addresses show IPv4 as IPv6. */
  private static String end(String hex) {
    String upper = hex.toUpperCase(Locale.ROOT);
    return upper.startsWith(MAPPED_IPV4) ? upper.substring(MAPPED_IPV4.length()) : upper;
  }
}
