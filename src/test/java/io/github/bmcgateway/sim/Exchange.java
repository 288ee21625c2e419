package io.github.bmcgateway.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One request at a simulated BMC and the answer to it, cut down to what BMC pages need.
 *
 * <p>Exactly one of the answering methods must be called. Not thread-safe.
 */
public final class Exchange {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final RecordedRequest recorded;

  Exchange(Request request, Response response, Callback callback, RecordedRequest recorded) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.recorded = recorded;
  }

  /** The request's method. */
  public String method() {
    return request.getMethod();
  }

  /** The raw path: not decoded, not normalised, without the query. */
  public String path() {
    String path = request.getHttpURI().getPath();
    return path == null ? "" : path;
  }

  /** Value of a header; of its first line where there are several. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /** The request as the recorder has it. */
  public RecordedRequest recorded() {
    return recorded;
  }

  /** Decoded value of a query parameter. */
  public Optional<String> query(String name) {
    String query = request.getHttpURI().getQuery();
    if (query == null) {
      return Optional.empty();
    }
    return Stream.of(query.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst();
  }

  /** Value of a cookie, byte for byte. */
  public Optional<String> cookie(String name) {
    return request.getHeaders().getValuesList(HttpHeader.COOKIE).stream()
        .flatMap(line -> Stream.of(line.split("; *")))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst();
  }

  /** The body, to be read once; the recorder counts and hashes it on the way. Reading blocks. */
  public InputStream body() {
    return Content.Source.asInputStream(request);
  }

  /** Reads the body to its end and drops it; the recorder has counted and hashed it. Blocks. */
  public void drainBody() {
    try (InputStream body = body()) {
      body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets a header of the answer. */
  public Exchange set(String name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  /** Adds one more line of a header to the answer. */
  public Exchange add(String name, String value) {
    response.getHeaders().add(name, value);
    return this;
  }

  /** Closes the connection after the answer. */
  public Exchange closing() {
    return set("Connection", "close");
  }

  /** Answers without a body. */
  public void empty(int status) {
    response.setStatus(status);
    if (status != 204 && status != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    }
    response.write(/* last= */ true, null, callback);
  }

  /** Answers with a body of known length; to HEAD with its head alone. */
  public void reply(int status, String type, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    boolean head = method().equals("HEAD");
    response.write(/* last= */ true, head ? null : ByteBuffer.wrap(body), callback);
  }

  /** Answers in chunks, without a length. The type's header is spelt {@code Content-type}. */
  public void chunked(int status, String type, byte[] body) {
    response.setStatus(status);
    // Jetty would spell a name that it knows in its own way.
    response.getHeaders().add(new HttpField(null, "Content-type", type));
    response.write(
        /* last= */ false,
        ByteBuffer.wrap(body),
        Callback.from(() -> response.write(/* last= */ true, null, callback), callback::failed));
  }

  /** Announces a longer body than it sends, then closes the connection. */
  public void truncated(int status, String type, byte[] body, int announcedBytes) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, announcedBytes);
    response.write(
        /* last= */ false, ByteBuffer.wrap(body), Callback.from(this::drop, callback::failed));
  }

  /** Closes the connection without a word. */
  public void drop() {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
    callback.failed(new EofException("dropped"));
  }

  /** Answers with text. */
  public void reply(int status, String type, String body) {
    reply(status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with an object as JSON, by Jackson. */
  public void json(int status, Object body) {
    try {
      reply(status, "application/json; charset=utf-8", JSON.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers with an event stream: one event at once, the next each interval, until cut off. */
  public void events(Duration interval, LongFunction<String> event) {
    events(interval, event, () -> true);
  }

  /** As the other, and ends the stream at the first interval at which it needn't go on. */
  public void events(Duration interval, LongFunction<String> event, BooleanSupplier goesOn) {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    sendEvent(0, interval, event, goesOn);
  }

  private void sendEvent(
      long number, Duration interval, LongFunction<String> event, BooleanSupplier goesOn) {
    if (!goesOn.getAsBoolean()) {
      response.write(/* last= */ true, null, callback);
      return;
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(event.apply(number));
    Scheduler scheduler = request.getComponents().getScheduler();
    response.write(
        /* last= */ false,
        bytes,
        Callback.from(
            () ->
                scheduler.schedule(() -> sendEvent(number + 1, interval, event, goesOn), interval),
            callback::failed));
  }

  /** The server's view of the request, for a WebSocket upgrade. */
  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  Callback callback() {
    return callback;
  }
}
