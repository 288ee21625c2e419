package io.github.bmcgateway.rewrite;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the head of a BMC's answer says about a body that came whole.
 *
 * @param status the status code
 * @param contentType the value of {@code Content-Type}
 * @param gzipped whether the body is coded with gzip
 */
public record Answer(int status, Optional<String> contentType, boolean gzipped) {
  /** Whether the body has one of the media types; no types stand for any. */
  boolean isOneOf(Set<String> types) {
    return types.isEmpty() || types.contains(mediaType());
  }

  private String mediaType() {
    return contentType.orElse("").split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
  }
}
