package io.github.bmcgateway.cache;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;

/** Decides which part of a kept answer a request gets. */
final class Replies {
  /** Several ranges at once get the whole, as any that isn't understood. */
  private static final Pattern SINGLE_RANGE =
      Pattern.compile("(?i)bytes=([0-9]{0,18})-([0-9]{0,18})");

  private Replies() {}

  /** What a {@code GET} gets. */
  static Reply of(Asset asset, Reply.Conditions request) {
    if (isUnchanged(asset, request)) {
      return new Reply.NotModified();
    }
    return request
        .range()
        .filter(range -> request.ifRange().map(of -> isSame(asset, of)).orElse(true))
        .map(range -> part(asset.body().length, range))
        .orElseGet(Reply.Whole::new);
  }

  private static boolean isUnchanged(Asset asset, Reply.Conditions request) {
    if (request.ifNoneMatch().isPresent()) {
      String tags = request.ifNoneMatch().get();
      return tags.trim().equals("*")
          || EntityTags.list(tags).stream()
              .anyMatch(tag -> opaque(tag).equals(opaque(asset.tag())));
    }
    long since = request.ifModifiedSince().map(HttpTime::millis).orElse(-1L);
    long changed = lastModified(asset);
    return since >= 0 && changed >= 0 && changed <= since;
  }

  private static long lastModified(Asset asset) {
    return asset.headers().stream()
        .filter(field -> field.is("Last-Modified"))
        .map(HttpField::getValue)
        .map(HttpTime::millis)
        .findFirst()
        .orElse(-1L);
  }

  /** For comparisons that take weak tags. */
  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  /** Strong comparison only, and a time must be the very same one. */
  private static boolean isSame(Asset asset, String ifRange) {
    String given = ifRange.trim();
    if (given.startsWith("W/") || given.startsWith("\"")) {
      return given.equals(asset.tag()) && !given.startsWith("W/");
    }
    return !asset.tag().startsWith("W/")
        && asset.headers().stream()
            .filter(field -> field.is("Last-Modified"))
            .map(HttpField::getValue)
            .anyMatch(given::equals);
  }

  private static Reply part(int length, String range) {
    Matcher single = SINGLE_RANGE.matcher(range.trim());
    if (!single.matches() || (single.group(1).isEmpty() && single.group(2).isEmpty())) {
      return new Reply.Whole();
    }
    long first = number(single.group(1));
    long last = number(single.group(2));
    if (single.group(1).isEmpty()) {
      // The last so many.
      first = Math.max(0, length - last);
      last = last == 0 ? -1 : length - 1L;
    } else if (single.group(2).isEmpty()) {
      last = length - 1L;
    } else if (last < first) {
      return new Reply.Whole();
    }
    return first >= length || last < 0
        ? new Reply.OutOfRange()
        : new Reply.Part((int) first, (int) (Math.min(last, length - 1L) - first + 1));
  }

  private static long number(String digits) {
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }
}
