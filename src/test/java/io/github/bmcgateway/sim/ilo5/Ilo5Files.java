package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.CompressedFiles;
import io.github.bmcgateway.sim.Exchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The pages and what belongs to them, open to everybody; a login page is one of them. */
final class Ilo5Files {

  private final CompressedFiles files;
  private final Ilo5Options options;

  Ilo5Files(Ilo5Options options) {
    this.options = options;
    this.files = new CompressedFiles("/sim/ilo5/web", options.tag());
  }

  void answer(Exchange exchange) throws IOException {
    String path = exchange.path().equals("/") ? "/index.html" : exchange.path();
    boolean get = exchange.method().equals("GET");
    Optional<CompressedFiles.File> found = isHidden(exchange) ? Optional.empty() : files.find(path);
    if (!get && (!exchange.method().equals("HEAD") || options.has(Ilo5Quirk.NO_HEAD_ON_FILES))) {
      exchange.drainBody();
      exchange.set("Content-Type", "text/plain").empty(405);
    } else if (found.isEmpty()) {
      exchange.reply(404, "text/html", "<html><body><h1>404 Not Found</h1></body></html>");
    } else {
      send(exchange, found.get());
    }
  }

  private boolean isHidden(Exchange exchange) {
    return options.has(Ilo5Quirk.NO_TOP_APPLICATION)
        && exchange.path().equals("/html/application.html")
        && exchange.header("Sec-Fetch-Dest").filter("document"::equals).isPresent();
  }

  private void send(Exchange exchange, CompressedFiles.File file) throws IOException {
    boolean page = file.type().startsWith("text/html");
    exchange.set("ETag", file.etag());
    exchange.set("Cache-Control", page ? "no-cache" : "max-age=86400");
    if (exchange.header("If-None-Match").filter(file.etag()::equals).isPresent()) {
      exchange.empty(304);
    } else if (options.has(Ilo5Quirk.GZIP_FILES)) {
      exchange.set("Content-Encoding", "gzip").reply(200, file.type(), file.gzip());
    } else {
      exchange.reply(200, file.type(), unzipped(file.gzip()));
    }
  }

  private static byte[] unzipped(byte[] gzip) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    }
  }
}
