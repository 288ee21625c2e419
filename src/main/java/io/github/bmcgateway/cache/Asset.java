package io.github.bmcgateway.cache;

import io.github.bmcgateway.config.Fingerprint;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;

/**
 * An answer that is kept: what a browser gets, after everything that is done to it on the way.
 * Immutable; the body is shared by all who are sent it and must not be changed.
 */
public final class Asset {
  /** Objects, references and the cache's own bookkeeping of one entry. */
  private static final int OVERHEAD_BYTES = 600;

  private static final int FIELD_BYTES = 80;

  private final List<HttpField> headers;
  private final byte[] body;
  private final String tag;
  private final Origin origin;
  private final long freshUntilNanos;

  /**
   * Which BMC it is of, and what that calls it.
   *
   * @param certificate what the BMC showed when the connection was made that it came over
   * @param tag its entity tag, as it is
   * @param lastModified the time of the last change, as it is written
   */
  public record Origin(
      Optional<Fingerprint> certificate, Optional<String> tag, Optional<String> lastModified) {
    /** Whether the BMC can be asked if it is still the same. */
    boolean canBeAsked() {
      return tag.isPresent() || lastModified.isPresent();
    }
  }

  Asset(List<HttpField> headers, byte[] body, String tag, Origin origin, long freshUntilNanos) {
    this.headers = List.copyOf(headers);
    this.body = body;
    this.tag = tag;
    this.origin = origin;
    this.freshUntilNanos = freshUntilNanos;
  }

  /** The same, for longer. */
  Asset until(long nanos) {
    return new Asset(headers, body, tag, origin, nanos);
  }

  /** All headers but the length, the tag among them. */
  public List<HttpField> headers() {
    return headers;
  }

  /** The body as it is sent. */
  @SuppressWarnings("EI_EXPOSE_REP") // Megabytes, shared on purpose.
  public byte[] body() {
    return body;
  }

  /** The entity tag that browsers see. */
  public String tag() {
    return tag;
  }

  /** Which BMC it is of, and what that calls it. */
  public Origin origin() {
    return origin;
  }

  /** Until when it is used without asking the BMC, on the clock of the cache. */
  long freshUntilNanos() {
    return freshUntilNanos;
  }

  /** Bytes that it takes of the heap, about. */
  int weight() {
    int heads = 0;
    for (HttpField field : headers) {
      heads += FIELD_BYTES + field.getName().length() + String.valueOf(field.getValue()).length();
    }
    return OVERHEAD_BYTES + heads + body.length;
  }
}
