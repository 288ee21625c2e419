package io.github.bmcgateway.proxy;

import io.github.bmcgateway.cache.Asset;
import io.github.bmcgateway.cache.EntityTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** What changes in the headers of an exchange with a BMC because it is about an asset. */
final class AssetHeaders {
  private AssetHeaders() {}

  /** Asks for the whole, or whether it is still what is kept, whatever this browser has. */
  static void forAll(HttpFields.Mutable headers, boolean gzip, Optional<Asset> stale) {
    headers.remove(HttpHeader.CACHE_CONTROL);
    headers.remove(HttpHeader.PRAGMA);
    headers.remove(HttpHeader.IF_NONE_MATCH);
    headers.remove(HttpHeader.IF_MODIFIED_SINCE);
    headers.remove(HttpHeader.IF_RANGE);
    headers.remove(HttpHeader.RANGE);
    boolean always = "gzip".equals(headers.get(HttpHeader.ACCEPT_ENCODING));
    headers.put(HttpHeader.ACCEPT_ENCODING, gzip || always ? "gzip" : "identity");
    stale
        .flatMap(asset -> asset.origin().tag())
        .ifPresent(tag -> headers.put(HttpHeader.IF_NONE_MATCH, tag));
    stale
        .flatMap(asset -> asset.origin().lastModified())
        .ifPresent(time -> headers.put(HttpHeader.IF_MODIFIED_SINCE, time));
  }

  /** Asks for this browser alone: about the BMC's own tags, and not about another BMC's. */
  static void forOne(HttpFields.Mutable headers, EntityTags tags) {
    if (headers.contains(HttpHeader.IF_NONE_MATCH)) {
      EntityTags.Up up = tags.up(joined(headers, HttpHeader.IF_NONE_MATCH));
      headers.remove(HttpHeader.IF_NONE_MATCH);
      up.tags().ifPresent(own -> headers.put(HttpHeader.IF_NONE_MATCH, own));
      if (!up.known()) {
        headers.remove(HttpHeader.IF_MODIFIED_SINCE);
      }
    }
    if (headers.contains(HttpHeader.IF_RANGE)) {
      Optional<String> own = tags.original(joined(headers, HttpHeader.IF_RANGE));
      headers.remove(HttpHeader.IF_RANGE);
      own.ifPresentOrElse(
          tag -> headers.put(HttpHeader.IF_RANGE, tag), () -> headers.remove(HttpHeader.RANGE));
    }
    if (headers.contains(HttpHeader.IF_MATCH)) {
      headers.put(
          HttpHeader.IF_MATCH,
          headers.getFields(HttpHeader.IF_MATCH).stream()
              .map(field -> tags.each(String.valueOf(field.getValue())))
              .collect(Collectors.joining(", ")));
    }
  }

  private static String joined(HttpFields headers, HttpHeader name) {
    return headers.getFields(name).stream()
        .map(field -> String.valueOf(field.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The BMC's headers with a tag that is of this BMC alone. */
  static List<HttpField> down(List<HttpField> fields, EntityTags tags) {
    List<HttpField> result =
        new ArrayList<>(fields.stream().filter(field -> !field.is("ETag")).toList());
    value(fields, "ETag")
        .flatMap(tags::down)
        .or(() -> value(fields, "Last-Modified").map(tags::ofTime))
        .ifPresent(tag -> result.add(new HttpField(HttpHeader.ETAG, tag)));
    return result;
  }

  /** The same of an answer that is kept: a browser may keep it as well, and asks each time. */
  static List<HttpField> kept(List<HttpField> fields) {
    List<HttpField> result =
        new ArrayList<>(fields.stream().filter(field -> !field.is("Cache-Control")).toList());
    result.add(new HttpField(HttpHeader.CACHE_CONTROL, "private, no-cache"));
    return result;
  }

  private static Optional<String> value(List<HttpField> fields, String name) {
    return fields.stream()
        .filter(field -> field.is(name) && field.getValue() != null)
        .map(HttpField::getValue)
        .findFirst();
  }
}
