package io.github.bmcgateway.cache;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which requests may be for an asset, and which types of an answer fit. A profile can only choose
 * among these.
 */
final class Targets {
  /**
   * A path that every server reads alike, and no query but what stands for a version of the file:
   * other queries carry session keys, or ask for data.
   */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?:/(?!\\.{1,2}(?:[/?]|$))[A-Za-z0-9._~-]+)+"
              + "(?:\\?(?:(?:v|ver|version|rev|build|bust|hash)="
              + "[A-Za-z0-9._-]{1,24}|[0-9][A-Za-z0-9._-]{0,23}))?");

  private static final int MAX_LENGTH = 1024;

  private static final Set<String> SCRIPT =
      Set.of(
          "text/javascript",
          "application/javascript",
          "application/x-javascript",
          "application/ecmascript",
          "text/ecmascript");
  private static final Set<String> FONT =
      Set.of(
          "font/woff",
          "font/woff2",
          "font/ttf",
          "font/otf",
          "font/sfnt",
          "application/font-woff",
          "application/font-woff2",
          "application/x-font-woff",
          "application/x-font-ttf",
          "application/x-font-truetype",
          "application/x-font-opentype",
          "application/font-sfnt",
          "application/vnd.ms-fontobject",
          // Servers that don't know fonts say so.
          "application/octet-stream");
  private static final Set<String> JPEG = Set.of("image/jpeg", "image/jpg");
  private static final Set<String> ICON =
      Set.of("image/x-icon", "image/vnd.microsoft.icon", "image/ico", "image/png");

  private static final Map<String, Set<String>> TYPES =
      Map.ofEntries(
          Map.entry("js", SCRIPT),
          Map.entry("css", Set.of("text/css")),
          Map.entry("png", Set.of("image/png")),
          Map.entry("gif", Set.of("image/gif")),
          Map.entry("jpg", JPEG),
          Map.entry("jpeg", JPEG),
          Map.entry("webp", Set.of("image/webp")),
          Map.entry("svg", Set.of("image/svg+xml")),
          Map.entry("ico", ICON),
          Map.entry("woff", FONT),
          Map.entry("woff2", FONT),
          Map.entry("ttf", FONT),
          Map.entry("otf", FONT),
          Map.entry("eot", FONT),
          Map.entry("wasm", Set.of("application/wasm")));

  private Targets() {}

  /** Whether an answer to this target may be kept at all. */
  static boolean mayBeAsset(String target) {
    return target.length() <= MAX_LENGTH
        && TYPES.containsKey(extension(target))
        && PLAIN.matcher(target).matches();
  }

  /** Whether the answer is of a type that its target promises. */
  static boolean fits(String target, String contentType) {
    String bare = contentType.replaceFirst(";.*", "").trim().toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(extension(target), Set.of()).contains(bare);
  }

  private static String extension(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
