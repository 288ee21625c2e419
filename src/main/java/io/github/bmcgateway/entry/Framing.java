package io.github.bmcgateway.entry;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a request ends, as another server could have read it (RFC 9112, section 6; RFC 9113,
 * section 8.2.2). Containers read on where they can: one takes a length of {@code +5}, a coding
 * before {@code chunked} for a part of the content, chunks in HTTP/1.0, or in HTTP/2 a field that
 * frames an HTTP/1.1 body.
 */
final class Framing {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final List<String> HTTP1_ALONE =
      List.of("Keep-Alive", "Proxy-Connection", "Transfer-Encoding");

  private Framing() {}

  /** Whether there is one answer to that. */
  static boolean isClear(HttpServletRequest request) {
    return values(request, "Content-Length").stream().allMatch(Framing::isLength)
        && (request.getProtocol().startsWith("HTTP/1.")
            ? areChunksClear(request)
            : HTTP1_ALONE.stream().allMatch(name -> request.getHeader(name) == null));
  }

  private static boolean areChunksClear(HttpServletRequest request) {
    List<String> codings = values(request, "Transfer-Encoding");
    return codings.isEmpty()
        || (codings.size() == 1
            && codings.get(0).strip().equalsIgnoreCase("chunked")
            && request.getHeader("Content-Length") == null
            && !request.getProtocol().equals("HTTP/1.0"));
  }

  private static boolean isLength(String text) {
    return LENGTH.matcher(text).matches();
  }

  private static List<String> values(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }
}
