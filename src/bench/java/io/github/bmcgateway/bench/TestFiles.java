package io.github.bmcgateway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The files of the fast BMC, and what has to arrive of each. */
final class TestFiles {
  static final String SMALL = "1k.bin";
  static final String LARGE = "2m.bin";

  /** Has 26 URLs of the BMC's own authority in it, half of them in JSON's spelling. */
  static final String SCRIPT = "own.js";

  private static final int LARGE_BYTES = 2 << 20;
  private static final int HIT_DISTANCE = 80_000;

  private final Map<String, byte[]> contents = new LinkedHashMap<>();
  private final int backend;

  /**
   * @param backend the BMC's port
   */
  TestFiles(int backend) {
    this.backend = backend;
    contents.put(SMALL, random(1024));
    contents.put(LARGE, random(LARGE_BYTES));
    List<String> hits = List.of(own("https://", backend), own("https:\\/\\/", backend));
    String script = Script.text(LARGE_BYTES, hits, HIT_DISTANCE);
    contents.put(SCRIPT, script.getBytes(StandardCharsets.US_ASCII));
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** What a browser has to get of a file through a proxy at this port, or from the BMC. */
  byte[] expected(String file, int port) {
    byte[] whole = contents.get(file);
    if (!file.equals(SCRIPT)) {
      return whole;
    }
    String text = new String(whole, StandardCharsets.US_ASCII);
    for (String slashes : List.of("https://", "https:\\/\\/")) {
      text = text.replace(own(slashes, backend), own(slashes, port));
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Fails unless that came, byte for byte. */
  void check(String peer, int port, String file, HttpConnection.Answer answer) throws IOException {
    if (answer.status() != 200 || !Arrays.equals(expected(file, port), answer.body())) {
      throw new IOException(
          "%s answers /%s with %d and %,d bytes that aren't what was expected"
              .formatted(peer, file, answer.status(), answer.body().length));
    }
  }

  private static String own(String scheme, int port) {
    return scheme + "127.0.0.1:" + port;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(42).nextBytes(bytes);
    return bytes;
  }
}
