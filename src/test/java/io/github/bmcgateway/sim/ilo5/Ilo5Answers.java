package io.github.bmcgateway.sim.ilo5;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bmcgateway.sim.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/** How an iLO 5 writes what it answers: JSON of its own pages, Redfish, redirects. Immutable. */
record Ilo5Answers(Ilo5Options options) {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final String REDFISH_TYPE = "application/json; charset=utf-8";

  /** The body as a JSON object; an empty one if it is none. */
  static ObjectNode body(Exchange exchange) {
    try (InputStream in = exchange.body()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return parsed(text) instanceof ObjectNode object ? object : JSON.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Text as JSON; a missing node if it is none. */
  static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** An answer of {@code /json}. */
  void json(Exchange exchange, int status, Object body) {
    String type =
        options.has(Ilo5Quirk.JSON_AS_SCRIPT) ? "application/x-javascript" : "application/json";
    exchange.set("Cache-Control", "no-cache").reply(status, type, bytes(body));
  }

  void lostSession(Exchange exchange) {
    json(exchange, 403, Map.of("message", "JS_ERR_LOST_SESSION", "details", "Invalid session"));
  }

  /** An answer of Redfish; 304 if the client has it. */
  void redfish(Exchange exchange, int status, ObjectNode body) {
    redfishHeaders(exchange);
    byte[] bytes = bytes(body);
    String etag = etag(body);
    exchange.set("ETag", etag);
    Optional<String> known = exchange.header("If-None-Match");
    if (status == 200
        && exchange.method().equals("GET")
        && known.filter(etag::equals).isPresent()) {
      exchange.empty(304);
    } else if (options.has(Ilo5Quirk.CHUNKED_REDFISH) && !exchange.method().equals("HEAD")) {
      exchange.chunked(status, REDFISH_TYPE, bytes);
    } else {
      exchange.reply(status, REDFISH_TYPE, bytes);
    }
  }

  /** A schema or registry: of known length, compressed. */
  void library(Exchange exchange, ObjectNode body) {
    redfishHeaders(exchange);
    boolean asked = exchange.header("Accept-Encoding").orElse("").contains("gzip");
    if (asked || options.has(Ilo5Quirk.UNREQUESTED_GZIP)) {
      exchange.set("Content-Encoding", "gzip").reply(200, REDFISH_TYPE, gzip(bytes(body)));
    } else {
      exchange.reply(200, REDFISH_TYPE, bytes(body));
    }
  }

  /** An error of Redfish, or the success of an action: a message and its place in a registry. */
  void message(Exchange exchange, int status, String messageId) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode error = body.putObject("error");
    error.put("code", "iLO.0.10.ExtendedInfo");
    error.put("message", "See @Message.ExtendedInfo for more information.");
    error.putArray("@Message.ExtendedInfo").addObject().put("MessageId", messageId);
    redfish(exchange, status, body);
  }

  private void redfishHeaders(Exchange exchange) {
    exchange
        .set("Cache-Control", "no-cache")
        .set("OData-Version", "4.0")
        .set("X-Content-Type-Options", "nosniff")
        .set("X-XSS-Protection", "1; mode=block");
    if (options.has(Ilo5Quirk.UNDERSCORE_HEADER)) {
      exchange.set("X_HP-CHRP-Service-Version", "1.0.3");
    }
    exchange.add("Link", "<" + exchange.path() + ">; rel=self");
    if (options.has(Ilo5Quirk.REPEATED_LINK)) {
      exchange.add("Link", "</redfish/v1/schemas/Schema.json>; rel=describedby");
    }
  }

  /** An address of this unit as its answers name it. */
  String located(Exchange exchange, String path) {
    return options.has(Ilo5Quirk.ABSOLUTE_LOCATION)
        ? "https://" + exchange.header("Host").orElse("") + path
        : path;
  }

  static String etag(ObjectNode body) {
    CRC32 crc = new CRC32();
    crc.update(bytes(body));
    return "W/\"%08X\"".formatted(crc.getValue());
  }

  private static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
