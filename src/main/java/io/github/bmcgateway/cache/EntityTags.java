package io.github.bmcgateway.cache;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The entity tags that browsers see of one asset of one BMC. Another BMC under the same public host
 * may well have another file of the same name under the same tag; so its own tag is prefixed with
 * what tells the asset's {@link AssetKey} from all others, and loses that prefix on its way back.
 * Weak tags stay weak, strong ones strong (RFC 9110, section 8.8.3). Immutable.
 */
public final class EntityTags {
  private static final Pattern TAG = Pattern.compile("(W/)?\"([!\\x23-\\x7e]*)\"");
  private static final Pattern LIST =
      Pattern.compile("\\s*(?:,\\s*)*((?:W/)?\"[!\\x23-\\x7e]*\")\\s*(?:,|$)");

  /** Follows the prefix where the BMC has a tag of its own. */
  private static final String OWN = "-e";

  /** Follows it where the time of the last change stands in for a tag. */
  private static final String TIME = "-m";

  /** Follows it where the body itself does. */
  private static final String BODY = "-b";

  private final String salt;

  /** The tags of what is kept, or could be, under a key. */
  public EntityTags(AssetKey key) {
    this.salt = key.salt();
  }

  /** The BMC's tag as the browser gets it; empty where it is none by the standard. */
  public Optional<String> down(String tag) {
    Matcher parts = TAG.matcher(tag.trim());
    return parts.matches()
        ? Optional.of(weakness(parts) + "\"" + salt + OWN + parts.group(2) + "\"")
        : Optional.empty();
  }

  /** What takes the place of the tag that the BMC doesn't give. */
  public String ofTime(String lastModified) {
    CRC32 crc = new CRC32();
    crc.update(lastModified.trim().getBytes(StandardCharsets.ISO_8859_1));
    return "W/\"" + salt + TIME + Long.toHexString(crc.getValue()) + "\"";
  }

  /** The tag of a body of which the BMC tells neither a tag nor a time. */
  String ofBody(byte[] body) {
    return "\"" + salt + BODY + AssetKey.digest(body) + "\"";
  }

  /**
   * What of an {@code If-None-Match} is the BMC's business.
   *
   * @param tags its own tags, joined; empty for none
   * @param known whether any of the tags was of this asset. If not, the browser's copy is of
   *     another BMC, and its time says nothing either
   */
  public record Up(Optional<String> tags, boolean known) {}

  /** Takes the prefix off the tags of this asset; those of others go no further. */
  public Up up(String ifNoneMatch) {
    if (ifNoneMatch.trim().equals("*")) {
      return new Up(Optional.of("*"), /* known= */ true);
    }
    List<String> own = new ArrayList<>();
    boolean known = false;
    for (String tag : list(ifNoneMatch)) {
      known |= tag.contains("\"" + salt + "-");
      original(tag).ifPresent(own::add);
    }
    return new Up(own.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", own)), known);
  }

  /** The BMC's own form of a tag; empty for one that isn't of this asset. */
  public Optional<String> original(String tag) {
    Matcher parts = TAG.matcher(tag.trim());
    return parts.matches() && parts.group(2).startsWith(salt + OWN)
        ? Optional.of(
            weakness(parts) + "\"" + parts.group(2).substring(salt.length() + OWN.length()) + "\"")
        : Optional.empty();
  }

  /** A list with the BMC's own form of each tag of this asset; others, and {@code *}, stay. */
  public String each(String tags) {
    List<String> parts = list(tags);
    return parts.isEmpty()
        ? tags
        : String.join(", ", parts.stream().map(tag -> original(tag).orElse(tag)).toList());
  }

  private static String weakness(Matcher tag) {
    return tag.group(1) == null ? "" : tag.group(1);
  }

  /** The tags of a list; what isn't one by the standard ends it. */
  static List<String> list(String text) {
    List<String> tags = new ArrayList<>();
    Matcher next = LIST.matcher(text);
    while (next.lookingAt()) {
      tags.add(next.group(1));
      next.region(next.end(), text.length());
    }
    return tags;
  }
}
