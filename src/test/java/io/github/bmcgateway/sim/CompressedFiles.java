package io.github.bmcgateway.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * Static files as iDRACs keep them: only compressed, so that a client that takes no gzip gets 404.
 *
 * <p>The files lie uncompressed on the test class path. Every {@code @TAG@} in them stands for the
 * unit's service tag, so that two units never serve the same bytes. Thread-safe.
 */
public final class CompressedFiles {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "application/javascript",
          "css", "text/css",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png");

  /** A compressed file. */
  public record File(String type, String etag, byte[] gzip) {}

  private final String root;
  private final String tag;
  private final Map<String, String> oddTypes;
  private final Map<String, Optional<File>> files = new ConcurrentHashMap<>();

  /**
   * Serves a folder.
   *
   * @param root class path folder, such as {@code "/sim/idrac9"}
   * @param tag what {@code @TAG@} stands for
   */
  public CompressedFiles(String root, String tag) {
    this(root, tag, Map.of());
  }

  /**
   * Serves a folder, some of it with types of its own.
   *
   * @param root class path folder, such as {@code "/sim/idrac8"}
   * @param tag what {@code @TAG@} stands for
   * @param oddTypes content types by path or, for all other paths, by extension
   */
  public CompressedFiles(String root, String tag, Map<String, String> oddTypes) {
    this.root = root;
    this.tag = tag;
    this.oddTypes = Map.copyOf(oddTypes);
  }

  /** Answers with the file at the exchange's path, or 404. */
  public void answer(Exchange exchange) {
    boolean gzip = exchange.header("Accept-Encoding").orElse("").contains("gzip");
    Optional<File> found = gzip ? find(exchange.path()) : Optional.empty();
    if (found.isEmpty()) {
      exchange.reply(404, "text/html", "<html><body><h1>404 Not Found</h1></body></html>");
      return;
    }
    File file = found.get();
    exchange
        .set("ETag", file.etag())
        .set("Vary", "Accept-Encoding")
        .set("Cache-Control", "public, max-age=86400");
    if (exchange.header("If-None-Match").filter(file.etag()::equals).isPresent()) {
      exchange.empty(304);
    } else {
      exchange.set("Content-Encoding", "gzip").reply(200, file.type(), file.gzip());
    }
  }

  /** The file at a path; empty if there is none, or the path isn't plain. */
  public Optional<File> find(String path) {
    boolean file = path.substring(path.lastIndexOf('/') + 1).contains(".");
    boolean plain = !path.contains("..") && !path.contains("%");
    return file && plain ? files.computeIfAbsent(path, this::load) : Optional.empty();
  }

  private Optional<File> load(String path) {
    try (InputStream in = CompressedFiles.class.getResourceAsStream(root + path)) {
      if (in == null) {
        return Optional.empty();
      }
      String type = type(path);
      byte[] plain = in.readAllBytes();
      if (!type.startsWith("image/png")) {
        String text = new String(plain, StandardCharsets.UTF_8);
        plain = text.replace("@TAG@", tag).getBytes(StandardCharsets.UTF_8);
      }
      return Optional.of(new File(type, etag(plain), gzip(plain)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String type(String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1);
    String usual = TYPES.getOrDefault(extension, "application/octet-stream");
    return oddTypes.getOrDefault(path, oddTypes.getOrDefault(extension, usual));
  }

  private static String etag(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return "\"" + Long.toHexString(crc.getValue()) + "-" + bytes.length + "\"";
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(plain);
    }
    return out.toByteArray();
  }
}
