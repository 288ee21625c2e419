package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers of a BMC that mean harm or make no sense. Each is passed on unambiguously or refused, and
 * whatever it was, the next request of somebody else is answered with its own answer and no place
 * at the BMC is lost.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileAnswersTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String ONE_BYTE = "Content-Length: 1\r\n\r\nx";
  private static final int MEGABYTE = 1 << 20;

  /** An answer on the wire; the BMC closes the connection after it when it says so. */
  private record Row(String name, String said, boolean closes) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Row> rows =
      Stream.of(refused(), cut(), passed()).flatMap(each -> each).toList();
  private ScriptedBmc bmc;
  private ProxyFixture gateway;

  @BeforeAll
  void start() throws Exception {
    bmc = ScriptedBmc.start(this::answer);
    gateway = ProxyFixture.to(bmc.port());
  }

  @AfterAll
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  private void answer(Exchange exchange) throws IOException {
    String path = exchange.requestLine().split(" ", -1)[1];
    if (path.startsWith("/next/")) {
      exchange.ok("", path);
      return;
    }
    Row row = rows.get(Integer.parseInt(path.substring("/row/".length())));
    exchange.say(row.said());
    if (row.closes()) {
      exchange.socket().close();
    }
  }

  private static Row row(String name, String said) {
    return new Row(name, said, /* closes= */ false);
  }

  private static Row closing(String name, String said) {
    return new Row(name, said, /* closes= */ true);
  }

  static Stream<Row> refused() {
    return Stream.of(
            splitting(), lengths(), transferCodings(), chunks(), interims(), versionsAndStatuses())
        .flatMap(each -> each);
  }

  private static Stream<Row> splitting() {
    return Stream.of(
        row("CR inside a value", OK + "X-A: a\rSet-Cookie: evil=1\r\n" + ONE_BYTE),
        row("CR at the end of a value", OK + "X-A: a\r\r\n" + ONE_BYTE),
        row("folded header", OK + "X-A: a\r\n  Set-Cookie: evil=1\r\n" + ONE_BYTE),
        row("NUL in a value", OK + "X-A: a\0b\r\n" + ONE_BYTE),
        row("NUL in a name", OK + "X\0A: b\r\n" + ONE_BYTE),
        row("control character in a value", OK + "X-A: a\u0001b\r\n" + ONE_BYTE),
        row("blank before the colon", OK + "X-A : b\r\n" + ONE_BYTE),
        row("blank in a name", OK + "X A: b\r\n" + ONE_BYTE),
        row("no name", OK + ": b\r\n" + ONE_BYTE),
        row("endless header line", OK + "X-A: " + "a".repeat(MEGABYTE)),
        row("endless header name", OK + "X".repeat(MEGABYTE)),
        row("endless headers", OK + "A: b\r\n".repeat(20_000)),
        row("endless empty lines", "\r\n".repeat(MEGABYTE)));
  }

  private static Stream<Row> lengths() {
    return Stream.of(
        row("length and chunked", OK + "Transfer-Encoding: chunked\r\n" + ONE_BYTE),
        row(
            "chunked and length",
            OK + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
        row("two lengths", OK + "Content-Length: 2\r\n" + ONE_BYTE),
        row("a length twice", OK + "Content-Length: 1\r\n" + ONE_BYTE),
        row("list of lengths", OK + "Content-Length: 1, 1\r\n\r\nx"),
        row("signed length", OK + "Content-Length: +1\r\n\r\nx"),
        row("negative length", OK + "Content-Length: -1\r\n\r\nx"),
        row("hexadecimal length", OK + "Content-Length: 0x1\r\n\r\nx"),
        row("length of 20 digits", OK + "Content-Length: 99999999999999999999\r\n\r\nx"),
        row("empty length", OK + "Content-Length: \r\n\r\nx"));
  }

  private static Stream<Row> transferCodings() {
    String body = "\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    return Stream.of("chunked\r\nTransfer-Encoding: chunked", "gzip, chunked", "chunked, gzip")
        .flatMap(coding -> Stream.of(coding, coding.replace("chunked", "Chunked")))
        .map(coding -> row("coded " + coding, OK + "Transfer-Encoding: " + coding + body))
        .flatMap(
            first ->
                Stream.concat(
                    Stream.of(first),
                    Stream.of("identity", "xchunked", "\u000bchunked")
                        .map(odd -> row("coded " + odd, OK + "Transfer-Encoding: " + odd + body))))
        .distinct();
  }

  private static Stream<Row> chunks() {
    return Stream.of(
        row("chunk size not a number", CHUNKED + "zz\r\nx\r\n0\r\n\r\n"),
        row("chunk size negative", CHUNKED + "-1\r\nx\r\n0\r\n\r\n"),
        row("chunk size of 17 digits", CHUNKED + "10000000000000001\r\nx\r\n0\r\n\r\n"),
        row("chunk size 0x1", CHUNKED + "0x1\r\nx\r\n0\r\n\r\n"),
        row("chunk extension over a bare LF", CHUNKED + "1;a\nx\r\n0\r\n\r\n"),
        row("chunk extension quotes a line end", CHUNKED + "1;a=\"\r\nx\r\n0\r\n\r\n"),
        row("endless chunk extension", CHUNKED + "1;" + "a".repeat(MEGABYTE)));
  }

  private static Stream<Row> interims() {
    return Stream.of(
        row("flood of 102", "HTTP/1.1 102 X\r\n\r\n".repeat(1000) + OK + ONE_BYTE),
        row("flood of 103", "HTTP/1.1 103 X\r\n\r\n".repeat(1000) + OK + ONE_BYTE),
        row("flood of both", "HTTP/1.1 102 X\r\n\r\nHTTP/1.1 103 X\r\n\r\n".repeat(9)),
        row("a second 100", "HTTP/1.1 100 X\r\n\r\n".repeat(2) + OK + ONE_BYTE),
        row("102 with a body", "HTTP/1.1 102 X\r\nContent-Length: 5\r\n\r\nhello" + OK + ONE_BYTE),
        row(
            "protocol switched unasked",
            "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + OK + ONE_BYTE));
  }

  private static Stream<Row> versionsAndStatuses() {
    return Stream.of(
        closing("HTTP/0.9", "<html>hello</html>\r\n"),
        row("HTTP/1.2", "HTTP/1.2 200 OK\r\n" + ONE_BYTE),
        row("ICY", "ICY 200 OK\r\n" + ONE_BYTE),
        row("status of four digits", "HTTP/1.1 2000 OK\r\n" + ONE_BYTE),
        row("status of two digits", "HTTP/1.1 20 OK\r\n" + ONE_BYTE),
        row("signed status", "HTTP/1.1 +20 OK\r\n" + ONE_BYTE),
        row("endless reason", "HTTP/1.1 200 " + "r".repeat(MEGABYTE)));
  }

  static Stream<Row> cut() {
    return Stream.of(
        closing("early end", OK + "Content-Length: 10\r\n\r\nx"),
        closing("early end of chunks", CHUNKED + "5\r\nx"),
        closing("no last chunk", CHUNKED + "1\r\nx\r\n"),
        row("chunk longer than its size", CHUNKED + "1\r\nxyz\r\n0\r\n\r\n"),
        row("endless trailers", CHUNKED + "1\r\nx\r\n0\r\nT: " + "a".repeat(MEGABYTE)));
  }

  static Stream<Row> passed() {
    return Stream.of(
        row("one more answer", OK + ONE_BYTE + OK + "Content-Length: 6\r\n\r\npoison"),
        row("the beginning of one more answer", OK + ONE_BYTE + "HTTP/1.1 2"),
        row("one more head", OK + ONE_BYTE + OK + "Content-Length: 100\r\n\r\n"),
        row("trailers", CHUNKED + "1\r\nx\r\n0\r\nSet-Cookie: evil=1\r\n\r\n"),
        row("chunk extensions", CHUNKED + "1;a=b;c=\"d\"\r\nx\r\n0\r\n\r\n"),
        row("lines that end in LF", (OK + "X-A: a\r\n" + ONE_BYTE).replace("\r", "")),
        row("some interim answers", "HTTP/1.1 102 X\r\n\r\n".repeat(16) + OK + ONE_BYTE),
        row("reason of 60 KB", "HTTP/1.1 200 " + "r".repeat(60_000) + "\r\n" + ONE_BYTE),
        row("3,000 cookies", OK + "Set-Cookie: a=b\r\n".repeat(3000) + ONE_BYTE),
        row("HTTP/1.0 kept alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + ONE_BYTE),
        closing("HTTP/1.0 without a length", "HTTP/1.0 200 OK\r\n\r\nx"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void anAmbiguousAnswerIsRefused(Row row) throws Exception {
    try (RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/row/" + indexOf(row), "");

      assertEquals(502, answer.status(), answer.text());
      assertTrue(answer.text().contains("\"bmc_protocol\""), answer.text());
      assertFalse(answer.head().contains("evil"), answer.head());
    }
    assertTheNextIsAnswered();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cut")
  void anAnswerThatBreaksOffNeverLooksWhole(Row row) throws Exception {
    try (RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/row/" + indexOf(row), "");

      assertTrue(answer.status() == 502 || !answer.complete(), () -> answer + "");
    }
    assertTheNextIsAnswered();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passed")
  void whatIsClearGoesOnAndNothingBehindIt(Row row) throws Exception {
    try (RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/row/" + indexOf(row), "");

      assertEquals("200 x", answer.status() + " " + answer.text());
      assertTrue(answer.complete());
      assertFalse(answer.head().contains("evil"), answer.head());
    }
    assertTheNextIsAnswered();
  }

  /** More requests at a time than the BMC has places, so that none may have been lost. */
  private void assertTheNextIsAnswered() throws IOException {
    for (int i = 0; i < 3; i++) {
      String path = "/next/" + bmc.exchanges().size();
      try (RawClient other = new RawClient(gateway.port())) {
        assertEquals("200 " + path, status(other.get(path, "")));
      }
    }
    Eventually.holds("off the register", () -> gateway.session.running() == 0);
    // The BMC finds out a moment later that a connection was closed.
    Eventually.holds(
        () -> bmc.openConnections() + " connections", () -> bmc.openConnections() <= 2);
  }

  private static String status(Answer answer) {
    return answer.status() + " " + answer.text();
  }

  private int indexOf(Row row) {
    return rows.indexOf(row);
  }
}
