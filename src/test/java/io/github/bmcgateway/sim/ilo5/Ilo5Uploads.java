package io.github.bmcgateway.sim.ilo5;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.ilo5.Ilo5Sessions.Session;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.MultiPart;

/**
 * {@code /cgi-bin}: forms whose parts must come in one order and that carry the session's key three
 * times, as cookie, header and field.
 */
final class Ilo5Uploads {

  private static final Set<String> PATHS =
      Set.of("/cgi-bin/uploadFile", "/cgi-bin/uploadRestoreFile", "/cgi-bin/uploadRibclFiles");

  private static final Set<List<String>> ORDERS =
      Set.of(
          List.of("sessionKey", "parameters", "file"),
          List.of("sessionKey", "parameters", "compsig", "file"));

  private final Ilo5Sessions sessions;
  private final Ilo5Firmware firmware;
  private final Runnable flash;

  Ilo5Uploads(Ilo5Sessions sessions, Ilo5Firmware firmware, Runnable flash) {
    this.sessions = sessions;
    this.firmware = firmware;
    this.flash = flash;
  }

  void answer(Exchange exchange) throws IOException {
    Optional<String> type = exchange.header("Content-Type").filter(Ilo5Uploads::isForm);
    if (!exchange.method().equals("POST") || !PATHS.contains(exchange.path())) {
      exchange.reply(404, "text/plain", "Not Found");
    } else if (type.isEmpty()) {
      exchange.drainBody();
      exchange.empty(400);
    } else {
      try (InputStream body = exchange.body()) {
        received(exchange, UploadForm.read(MultiPart.extractBoundary(type.get()), body));
      }
    }
  }

  private static boolean isForm(String type) {
    return type.startsWith("multipart/form-data") && MultiPart.extractBoundary(type) != null;
  }

  private void received(Exchange exchange, UploadForm form) {
    JsonNode parameters = Ilo5Answers.parsed(form.field("parameters"));
    boolean whole = form.isComplete() && ORDERS.contains(form.names()) && parameters.isObject();
    if (!whole || !hasKeys(exchange, form)) {
      exchange.empty(400);
      return;
    }
    Upload upload = form.upload(exchange.path());
    firmware.uploaded(upload);
    exchange.empty(200);
    if (parameters.path("UpdateTarget").asBoolean()) {
      firmware.flash();
      flash.run();
    }
  }

  private boolean hasKeys(Exchange exchange, UploadForm form) {
    Optional<Session> cookie = exchange.cookie(Ilo5Sessions.COOKIE).flatMap(sessions::find);
    Optional<Session> header = exchange.header("X-Auth-Token").flatMap(sessions::find);
    Optional<Session> field = sessions.find(form.field("sessionKey"));
    return cookie.isPresent() && cookie.equals(header) && cookie.equals(field);
  }
}
