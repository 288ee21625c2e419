package io.github.bmcgateway.target;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpFields;

/**
 * What a BMC answered to a probe.
 *
 * @param status the status
 * @param headers the headers
 * @param body the beginning of the body, decoded; bytes as ISO 8859-1
 */
record ProbeAnswer(int status, HttpFields headers, String body) {
  /** Most bytes of a body that are looked at, before and after decoding. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /** An answer whose body begins with these bytes as they came. */
  static ProbeAnswer of(int status, HttpFields headers, byte[] raw) {
    return new ProbeAnswer(status, headers, new String(decoded(raw), StandardCharsets.ISO_8859_1));
  }

  /** Whether the answer is the one that the probe waits for. */
  boolean fits(VendorProfile.Probe probe) {
    return probe.status().map(expected -> expected == status).orElse(true)
        && probe.headers().entrySet().stream().allMatch(this::hasHeader)
        && probe.body().map(pattern -> pattern.matcher(body).find()).orElse(true);
  }

  private boolean hasHeader(Map.Entry<String, Pattern> expected) {
    return headers.getValuesList(expected.getKey()).stream()
        .anyMatch(value -> expected.getValue().matcher(value).matches());
  }

  /** Goes by the bytes: MegaRAC sends gzip without saying so where it doesn't know the path. */
  private static byte[] decoded(byte[] raw) {
    boolean gzip =
        raw.length > 1 && (raw[0] & 0xff) == GZIP_FIRST && (raw[1] & 0xff) == GZIP_SECOND;
    if (!gzip) {
      return raw;
    }
    byte[] decoded = new byte[MAX_BODY_BYTES];
    int length = 0;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(raw))) {
      int read = in.read(decoded, 0, decoded.length);
      while (read > 0) {
        length += read;
        read = in.read(decoded, length, decoded.length - length);
      }
    } catch (IOException cut) {
      // Only the beginning was read, or it is broken: what could be decoded counts.
    }
    return Arrays.copyOf(decoded, length);
  }
}
