package io.github.bmcgateway.jettybase;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each request, with nothing in it that opens a door: no query, no path
 * parameter, no header. Its parts, separated by blanks: the time (UTC), the peer's address, method,
 * path, protocol, status, bytes of the answer's body, and milliseconds.
 *
 * <p>Thread-safe.
 */
public final class PathRequestLog extends ContainerLifeCycle implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger(PathRequestLog.class);

  private static final Pattern PARAMETERS = Pattern.compile("[?#].*|;[^/?#]*");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");

  private final Writer writer;

  /** A log that hands its lines to {@code writer}, which it starts and stops with itself. */
  public PathRequestLog(Writer writer) {
    this.writer = writer;
    installBean(writer);
  }

  @Override
  public void log(Request request, Response response) {
    try {
      writer.write(
          String.join(
              " ",
              Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
              Request.getRemoteAddr(request),
              printable(request.getMethod()),
              printable(withoutParameters(request.getHttpURI().getPath())),
              request.getConnectionMetaData().getProtocol(),
              Integer.toString(response.getStatus()),
              Long.toString(Response.getContentBytesWritten(response)),
              Long.toString(
                  TimeUnit.NANOSECONDS.toMillis(NanoTime.since(request.getBeginNanoTime())))));
    } catch (IOException e) {
      LOG.warn("a line of the request log is lost: {}", e.toString());
    }
  }

  /** Some web servers carry session keys in path parameters. */
  static @Nullable String withoutParameters(@Nullable String path) {
    return path == null ? null : PARAMETERS.matcher(path).replaceAll("");
  }

  /** A line stays one line of eight parts, whatever a client sent. */
  static String printable(@Nullable String text) {
    return text == null || text.isEmpty() ? "-" : UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
