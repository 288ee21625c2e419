package io.github.bmcgateway.cache;

import io.github.bmcgateway.target.VendorProfile.Assets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Decides from the head of an answer whether, and for how long, it may be kept. */
final class Storing {
  private static final int OK = 200;

  /** What is true of the file for whoever asks; all else stays with who asked first. */
  private static final Set<String> KEPT =
      Set.of(
          "content-type",
          "content-encoding",
          "content-language",
          "last-modified",
          "vary",
          "etag",
          "cache-control",
          "content-security-policy",
          "content-security-policy-report-only",
          "cross-origin-embedder-policy",
          "cross-origin-opener-policy",
          "cross-origin-resource-policy",
          "permissions-policy",
          "referrer-policy",
          "sourcemap",
          "x-sourcemap",
          "x-content-type-options",
          "x-frame-options",
          "x-xss-protection",
          "x-ua-compatible");

  private Storing() {}

  /**
   * How long the answer may be used; empty when it mustn't be kept.
   *
   * @param given as the BMC gave it
   * @param down its headers as the browser gets them
   */
  static Optional<Duration> lifetime(
      AssetKey key, Assets rule, Flight.Answer given, List<HttpField> down) {
    HttpFields answer = given.headers();
    boolean storable =
        given.status() == OK
            && isWhole(answer)
            && !answer.contains(HttpHeader.SET_COOKIE)
            && !answer.contains("Set-Cookie2")
            && isForAll(answer)
            && !isPage(answer)
            && !answer.contains(HttpHeader.CACHE_CONTROL, "no-transform")
            && hasCoding(key, down)
            && value(down, "content-type").filter(t -> Targets.fits(key.target(), t)).isPresent();
    return storable
        ? Lifetime.of(answer, rule).filter(time -> !time.isZero() || origin(given).canBeAsked())
        : Optional.empty();
  }

  /**
   * Whether a body that is cut off shows that it is: one that the connection's end ends doesn't.
   */
  private static boolean isWhole(HttpFields answer) {
    boolean chunked = answer.contains(HttpHeader.TRANSFER_ENCODING, "chunked");
    boolean counted = answer.getFields(HttpHeader.CONTENT_LENGTH).size() == 1;
    return chunked != counted
        && !answer.contains(HttpHeader.CONTENT_RANGE)
        && !answer.contains(HttpHeader.TRAILER);
  }

  private static boolean isForAll(HttpFields answer) {
    return answer.getCSV(HttpHeader.VARY, false).stream()
        .allMatch("accept-encoding"::equalsIgnoreCase);
  }

  /** Whatever a profile makes of its type: in place of a script it is perhaps that of an error. */
  private static boolean isPage(HttpFields answer) {
    String type = answer.get(HttpHeader.CONTENT_TYPE);
    return type != null && type.trim().toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  private static boolean hasCoding(AssetKey key, List<HttpField> down) {
    return value(down, "content-encoding")
        .map(coding -> key.gzip() && coding.trim().equalsIgnoreCase("gzip"))
        .orElse(true);
  }

  /** Which BMC the answer is of, and what that calls it. */
  static Asset.Origin origin(Flight.Answer answer) {
    return new Asset.Origin(
        answer.certificate(),
        Optional.ofNullable(answer.headers().get(HttpHeader.ETAG)),
        Optional.ofNullable(answer.headers().get(HttpHeader.LAST_MODIFIED)));
  }

  /** The headers that are kept with the body. */
  static List<HttpField> kept(List<HttpField> down) {
    return down.stream().filter(field -> KEPT.contains(field.getLowerCaseName())).toList();
  }

  static Optional<String> value(List<HttpField> fields, String lowerName) {
    return fields.stream()
        .filter(field -> field.getLowerCaseName().equals(lowerName))
        .map(field -> String.valueOf(field.getValue()).toLowerCase(Locale.ROOT))
        .findFirst();
  }
}
