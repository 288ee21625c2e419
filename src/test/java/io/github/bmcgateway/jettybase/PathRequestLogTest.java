package io.github.bmcgateway.jettybase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRequestLogTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b;s=SECRET/c;d, /a/b/c",
    "/a?token=SECRET, /a",
    "/a b, /a?b",
    "'', -",
    ", -",
  })
  void aPathIsOneWordWithoutSecrets(String path, String written) {
    assertEquals(written, PathRequestLog.printable(PathRequestLog.withoutParameters(path)));
  }
}
