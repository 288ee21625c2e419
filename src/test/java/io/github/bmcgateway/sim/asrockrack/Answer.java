package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;

/** What a request gets. */
sealed interface Answer {

  /** A WebSocket: these bytes, then frames. */
  record Upgrade(String head, WireSocket socket) implements Answer {}

  /** These bytes, then the end of the connection. */
  record Broken(String bytes) implements Answer {}

  /**
   * An HTTP answer.
   *
   * @param status three digits
   * @param headers in the order they are sent; framing headers come on top
   * @param body may be empty
   * @param chunked whether the body is sent without its length
   * @param close whether the connection ends after it
   */
  record Reply(int status, List<Header> headers, byte[] body, boolean chunked, boolean close)
      implements Answer {

    private static final int CHUNK = 16 * 1024;

    static Reply of(int status, String type, byte[] body) {
      return new Reply(status, List.of(), body, false, false).with("Content-Type", type);
    }

    static Reply of(int status, String type, String body) {
      return of(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    static Reply empty(int status) {
      return new Reply(status, List.of(), new byte[0], false, false);
    }

    /** The error page of the web server itself. */
    static Reply page(int status) {
      String reason = status == 431 ? "" : HttpStatus.getMessage(status);
      return of(status, "text/html", ERROR_PAGE.formatted(status, reason));
    }

    Reply with(String name, String value) {
      List<Header> more = new ArrayList<>(headers);
      more.add(new Header(name, value));
      return new Reply(status, more, body, chunked, close);
    }

    Reply with(List<Header> added) {
      List<Header> more = new ArrayList<>(added);
      more.addAll(headers);
      return new Reply(status, more, body, chunked, close);
    }

    Reply inChunks() {
      return new Reply(status, headers, body, true, close);
    }

    Reply closing() {
      return new Reply(status, headers, body, chunked, true);
    }

    /** Sends the answer; to HEAD without the body. */
    void send(OutputStream out, boolean headOnly) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      head.writeBytes(head().getBytes(StandardCharsets.ISO_8859_1));
      if (!headOnly && !chunked) {
        head.writeBytes(body);
      }
      out.write(head.toByteArray());
      if (!headOnly && chunked) {
        sendChunks(out);
      }
      out.flush();
    }

    private String head() {
      StringBuilder head = new StringBuilder();
      head.append(status == 431 ? "HTTP/1.0 431 " : statusLine()).append("\r\n");
      headers.forEach(header -> head.append(header).append("\r\n"));
      if (chunked) {
        head.append("Transfer-Encoding: chunked\r\n");
      } else if (status != 204 && status != 304) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      if (close) {
        head.append("Connection: close\r\n");
      }
      return head.append("\r\n").toString();
    }

    private String statusLine() {
      return "HTTP/1.1 " + status + " " + HttpStatus.getMessage(status);
    }

    private void sendChunks(OutputStream out) throws IOException {
      for (int at = 0; at < body.length; at += CHUNK) {
        int length = Math.min(CHUNK, body.length - at);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(
            (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.write(body, at, length);
        chunk.writeBytes(new byte[] {'\r', '\n'});
        out.write(chunk.toByteArray());
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  String ERROR_PAGE =
      """
      <?xml version="1.0" encoding="iso-8859-1"?>
      <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
               "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
      <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
       <head>
        <title>%1$d - %2$s</title>
       </head>
       <body>
        <h1>%1$d - %2$s</h1>
       </body>
      </html>
      """;
}
