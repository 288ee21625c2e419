package io.github.bmcgateway.dist;

import io.github.bmcgateway.dist.RawHttp2.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * HTTP/2 requests that would be something else once they are written as HTTP/1.1 (RFC 9113,
 * sections 8.1.1, 8.2 and 8.3): {@code {case}} stands for a target of its own, {@code {cookie}} for
 * a session's cookie.
 */
final class OddHttp2Requests {

  /** The one that is in order, so that the others are refused for what is odd about them. */
  static final String PLAIN_ONE = "a plain request";

  private static final String HIDDEN = "\r\n\r\nGET {hidden} HTTP/1.1\r\nHost: localhost\r\n";

  /**
   * One of them.
   *
   * @param name what is odd about it, as the table in the documents says it
   */
  record OddHttp2Request(String name, List<Field> fields, String body) {}

  private OddHttp2Requests() {}

  static List<OddHttp2Request> all() {
    return List.of(
        with(PLAIN_ONE, "a", "b"),
        with("line end in a value", "a", "b" + HIDDEN),
        with("LF in a value", "a", "b\nhost: elsewhere.example"),
        with("CR in a value", "a", "b\rc"),
        with("NUL in a value", "a", "b\0c"),
        with("line end in a name", "a: b\r\nc", "d"),
        with("colon in a name", "a:b", "c"),
        with("space in a name", "a b", "c"),
        with("empty name", "", "c"),
        with("capitals in a name", "Abc", "d"),
        with("8-bit byte in a name", "\u00e4", "d"),
        with("transfer-encoding", "transfer-encoding", "chunked"),
        with("connection", "connection", "close"),
        with("keep-alive", "keep-alive", "1"),
        with("proxy-connection", "proxy-connection", "close"),
        with("upgrade", "upgrade", "websocket"),
        with("te", "te", "gzip"),
        with("unknown pseudo-field", ":x", "y"),
        with("pseudo-field of answers", ":status", "200"),
        with("pseudo-field behind others", ":path", "/x"),
        with("another host", "host", "elsewhere.example"),
        pseudo("path twice", ":path", "{case}", "{case}"),
        pseudo("method twice", ":method", "GET", "POST"),
        pseudo("no path", ":path"),
        pseudo("no method", ":method"),
        pseudo("no scheme", ":scheme"),
        pseudo("no authority", ":authority"),
        pseudo("empty path", ":path", ""),
        pseudo("path without a slash", ":path", "x{case}"),
        pseudo("space in the path", ":path", "{case} HTTP/1.1"),
        pseudo("line end in the path", ":path", "{case} HTTP/1.1" + HIDDEN),
        pseudo("absolute path", ":path", "https://elsewhere.example{case}"),
        pseudo("asterisk", ":path", "*"),
        pseudo("space in the method", ":method", "GET /x HTTP/1.1"),
        pseudo("line end in the method", ":method", "GET" + HIDDEN),
        pseudo("line end in the authority", ":authority", "localhost\r\na: b"),
        pseudo("user in the authority", ":authority", "user@localhost"),
        pseudo("another scheme", ":scheme", "ftp"),
        body("body shorter than its length", "9", "hello"),
        body("body longer than its length", "3", "hello"),
        body("length that is no number", "+5", "hello"));
  }

  private static OddHttp2Request with(String name, String field, String value) {
    List<Field> fields = plain();
    fields.add(new Field(field, value));
    return new OddHttp2Request(name, fields, "");
  }

  private static OddHttp2Request pseudo(String name, String field, String... values) {
    List<Field> fields = plain();
    fields.removeIf(each -> each.name().equals(field));
    for (String value : values) {
      fields.add(0, new Field(field, value));
    }
    return new OddHttp2Request(name, fields, "");
  }

  private static OddHttp2Request body(String name, String length, String body) {
    List<Field> fields = plain();
    fields.set(0, new Field(":method", "POST"));
    fields.add(new Field("content-length", length));
    return new OddHttp2Request(name, fields, body);
  }

  private static List<Field> plain() {
    return new ArrayList<>(
        List.of(
            new Field(":method", "GET"),
            new Field(":path", "{case}"),
            new Field(":scheme", "https"),
            new Field(":authority", "localhost"),
            new Field("cookie", "{cookie}")));
  }
}
