package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * The unit's files: stored compressed, sent as they are stored whatever the client accepts, with
 * {@code Content-Encoding} on them; the start page in place of any that is missing, without it.
 *
 * <p>The files lie uncompressed on the test class path. Every {@code @TAG@} in them stands for the
 * unit's tag. Thread-safe.
 */
final class StaticFiles {

  private static final String ROOT = "/sim/asrockrack";
  private static final String MODIFIED = "Sat, 21 Nov 2026 20:46:18 GMT";
  private static final Pattern DENIED = Pattern.compile(".*\\.(xml|jnlp|dat)");
  private static final Pattern PLAIN = Pattern.compile(".*\\.(png|jar)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html",
          "js", "text/javascript",
          "css", "text/css",
          "json", "application/json",
          "png", "image/png");

  private record File(String type, String etag, byte[] bytes) {}

  private final String tag;
  private final Map<String, Optional<File>> files = new ConcurrentHashMap<>();

  StaticFiles(String tag) {
    this.tag = tag;
  }

  Answer.Reply answer(WireRequest request) {
    if (request.method().equals("OPTIONS")) {
      return Answer.Reply.empty(200)
          .with("Allow", "OPTIONS, GET, HEAD, POST")
          .with(encoded(request.path()));
    }
    if (!request.method().matches("GET|HEAD|POST")) {
      return Answer.Reply.page(404);
    }
    String path = request.path().equals("/") ? "/index.html" : request.path();
    Optional<File> found = find(path);
    if (found.isEmpty()) {
      return described(find("/index.html").orElseThrow());
    }
    File file = found.get();
    if (request.header("If-None-Match").filter(file.etag()::equals).isPresent()
        || request.header("If-Modified-Since").filter(MODIFIED::equals).isPresent()) {
      return Answer.Reply.empty(304)
          .with(ApiHeaders.SECURITY)
          .with("ETag", file.etag())
          .with("Last-Modified", MODIFIED);
    }
    return described(file).with(encoded(path));
  }

  private static List<Header> encoded(String path) {
    List<Header> headers = new ArrayList<>();
    if (!PLAIN.matcher(path).matches()) {
      headers.add(new Header("Content-Encoding", "gzip"));
    }
    headers.addAll(ApiHeaders.SECURITY);
    return headers;
  }

  private static Answer.Reply described(File file) {
    return Answer.Reply.of(200, file.type(), file.bytes())
        .with("Accept-Ranges", "bytes")
        .with("ETag", file.etag())
        .with("Last-Modified", MODIFIED);
  }

  private Optional<File> find(String path) {
    boolean named = path.substring(path.lastIndexOf('/') + 1).contains(".");
    boolean odd = path.contains("..") || path.contains("%") || DENIED.matcher(path).matches();
    return named && !odd ? files.computeIfAbsent(path, this::load) : Optional.empty();
  }

  private Optional<File> load(String path) {
    try (InputStream in = StaticFiles.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        return Optional.empty();
      }
      String type =
          TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
      byte[] stored = PLAIN.matcher(path).matches() ? in.readAllBytes() : packed(in);
      CRC32 crc = new CRC32();
      crc.update(stored);
      return Optional.of(new File(type, "\"" + crc.getValue() + "\"", stored));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] packed(InputStream in) throws IOException {
    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@TAG@", tag);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
