package io.github.bmcgateway.dist;

import java.util.List;

/**
 * Requests that two servers could read differently, as HTTP/1.1 bytes. In each, {@code {case}} and
 * {@code {hidden}} stand for targets of its own and {@code {cookie}} for a session's cookie: where
 * the server reads on behind what it has answered, the hidden request reaches the BMC.
 *
 * <p>The shapes are those of RFC 9112, sections 11.1 and 11.2, and of what has been reported of
 * servers, such as chunk extensions that end a line inside quotes (CVE-2026-2332).
 */
final class OddRequests {

  /** The one that may be read as two, since it is two. */
  static final String TWO_PLAIN_ONES = "two plain requests at once";

  private static final String HIDDEN =
      "GET {hidden} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n";

  /**
   * One of them.
   *
   * @param name what is odd about it, as the table in the documents says it
   * @param clear whether there is only one reading, in which the hidden request is the next one
   */
  record OddRequest(String name, String bytes, boolean clear) {}

  private OddRequests() {}

  static List<OddRequest> all() {
    return List.of(
        new OddRequest(TWO_PLAIN_ONES, get("") + HIDDEN, true),
        post(
            "length and chunks",
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n"),
        post(
            "chunks and length",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "0\r\n\r\n"),
        post("two lengths", "Content-Length: 0\r\nContent-Length: 5\r\n", ""),
        post("two lengths in one line", "Content-Length: 0, 5\r\n", ""),
        clear("one length twice", "Content-Length: 0\r\nContent-Length: 0\r\n", ""),
        post("length with a plus", "Content-Length: +0\r\n", ""),
        post("length with a minus", "Content-Length: -0\r\n", ""),
        post("length in hexadecimal", "Content-Length: 0x0\r\n", ""),
        post("length with a space inside", "Content-Length: 0 0\r\n", ""),
        post("length without digits", "Content-Length: \r\n", ""),
        post("length over 64 bits", "Content-Length: 18446744073709551616\r\n", ""),
        post("chunked twice", te("chunked, chunked"), "0\r\n\r\n"),
        post("chunked in two lines", te("chunked") + te("chunked"), "0\r\n\r\n"),
        post("chunked, then identity", te("chunked, identity"), "0\r\n\r\n"),
        post("identity, then chunked", te("identity") + te("chunked"), "0\r\n\r\n"),
        post("a coding that isn't chunked", te("xchunked"), "0\r\n\r\n"),
        post("chunked in quotes", te("\"chunked\""), "0\r\n\r\n"),
        post("chunked with a parameter", te("chunked;a=b"), "0\r\n\r\n"),
        post("chunked behind a vertical tab", te("\u000bchunked"), "0\r\n\r\n"),
        post("gzip, then chunked", te("gzip, chunked"), "0\r\n\r\n"),
        clear("chunked in capitals", te("CHUNKED"), "0\r\n\r\n"),
        post("space before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        post("tab before the colon", "Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n"),
        post("name behind a space", " Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("folded line", "A: b\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("folded coding", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
        post("bare LF behind a field", "A: b\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("bare CR in a field", "A: b\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("NUL in a field", "A: b\0\r\n", ""),
        post("NUL in a name", "A\0: b\r\n", ""),
        post("field without a colon", "A\r\n", ""),
        post("field without a name", ": b\r\n", ""),
        post("8-bit byte in a name", "\u00e4: b\r\n", ""),
        post("chunk size with LF alone", te("chunked"), "0\n\r\n"),
        post("chunk size with 0x", te("chunked"), "0x0\r\n\r\n"),
        post("chunk size with a plus", te("chunked"), "+0\r\n\r\n"),
        post("chunk size with a space before", te("chunked"), " 0\r\n\r\n"),
        post("chunk size over 64 bits", te("chunked"), "10000000000000000\r\n\r\n"),
        post("chunk without its line end", te("chunked"), "1\r\na0\r\n\r\n"),
        post("chunk with LF alone behind it", te("chunked"), "1\r\na\n0\r\n\r\n"),
        clear("chunk extension", te("chunked"), "1;a=b\r\na\r\n0\r\n\r\n"),
        clear("chunk extension in quotes", te("chunked"), "1;a=\"b;c\"\r\na\r\n0\r\n\r\n"),
        post("quotes over the chunk's line end", te("chunked"), "1;a=\"\r\na\r\n0\r\n\r\n"),
        post("quotes closed on the next line", te("chunked"), "1;a=\"\r\nb\"\r\n0\r\n\r\n"),
        post("chunk extension with LF alone", te("chunked"), "1;a\nb\r\na\r\n0\r\n\r\n"),
        post("chunk extension with CR alone", te("chunked"), "1;a\rb\r\na\r\n0\r\n\r\n"),
        post("last chunk with an extension", te("chunked"), "0;a=\"\r\n\r\n"),
        clear("trailer", te("chunked"), "0\r\nA: b\r\n\r\n"),
        clear("trailer that names a length", te("chunked"), "0\r\nContent-Length: 5\r\n\r\n"),
        post("trailer folded", te("chunked"), "0\r\nA: b\r\n c\r\n\r\n"),
        post("trailer with LF alone", te("chunked"), "0\r\nA: b\n\r\n"),
        new OddRequest("body of a GET", get("Content-Length: 5\r\n") + "hello" + HIDDEN, true),
        new OddRequest(
            "length of a GET in two ways",
            get("Content-Length: 0\r\nContent-Length: 5\r\n") + HIDDEN,
            false),
        host("two hosts", "Host: localhost\r\nHost: elsewhere.example\r\n"),
        host("one host twice", "Host: localhost\r\nHost: localhost\r\n"),
        host("no host", ""),
        host("empty host", "Host: \r\n"),
        host("two hosts in one line", "Host: localhost, elsewhere.example\r\n"),
        host("host with a path", "Host: localhost/x\r\n"),
        host("host with a user", "Host: user@localhost\r\n"),
        host("host with a space", "Host: local host\r\n"),
        new OddRequest(
            "HTTP/1.0 with chunks",
            post("POST {case} HTTP/1.0", te("chunked")) + "0\r\n\r\n" + HIDDEN,
            false),
        line("HTTP/0.9", "GET {case}"),
        line("HTTP/1.2", "GET {case} HTTP/1.2"),
        line("HTTP/2.0 in text", "GET {case} HTTP/2.0"),
        line("version in small letters", "GET {case} http/1.1"),
        line("two spaces in the first line", "GET  {case} HTTP/1.1"),
        line("tab in the first line", "GET\t{case}\tHTTP/1.1"),
        line("space in the target", "GET {case} x HTTP/1.1"),
        line("space behind the version", "GET {case} HTTP/1.1 "),
        line("8-bit byte in the target", "GET {case}\u00e4 HTTP/1.1"),
        line("fragment in the target", "GET {case}#x HTTP/1.1"),
        line("target without a slash", "GET x{case} HTTP/1.1"),
        line("method in small letters", "get {case} HTTP/1.1"),
        line("absolute target", "GET https://localhost{case} HTTP/1.1"),
        line("absolute target of another host", "GET https://elsewhere.example{case} HTTP/1.1"),
        line("absolute target of another scheme", "GET ftp://localhost{case} HTTP/1.1"),
        line("target of CONNECT", "CONNECT localhost:443 HTTP/1.1"),
        new OddRequest(
            "first line with LF alone",
            "GET {case} HTTP/1.1\nHost: localhost\r\nCookie: {cookie}\r\n\r\n" + HIDDEN,
            false),
        new OddRequest(
            "head with LF alone",
            "GET {case} HTTP/1.1\nHost: localhost\nCookie: {cookie}\n\n" + HIDDEN,
            false),
        new OddRequest("empty lines before", "\r\n\r\n" + get("") + HIDDEN, true));
  }

  private static String te(String coding) {
    return "Transfer-Encoding: " + coding + "\r\n";
  }

  private static String get(String fields) {
    return "GET {case} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n" + fields + "\r\n";
  }

  private static OddRequest post(String name, String fields, String body) {
    return new OddRequest(
        name, post("POST {case} HTTP/1.1", fields) + body + HIDDEN, /* clear= */ false);
  }

  private static OddRequest clear(String name, String fields, String body) {
    return new OddRequest(
        name, post("POST {case} HTTP/1.1", fields) + body + HIDDEN, /* clear= */ true);
  }

  private static String post(String firstLine, String fields) {
    return firstLine + "\r\nHost: localhost\r\nCookie: {cookie}\r\n" + fields + "\r\n";
  }

  private static OddRequest line(String name, String firstLine) {
    return new OddRequest(name, post(firstLine, ""), /* clear= */ false);
  }

  private static OddRequest host(String name, String fields) {
    return new OddRequest(
        name, "GET {case} HTTP/1.1\r\nCookie: {cookie}\r\n" + fields + "\r\n", /* clear= */ false);
  }
}
