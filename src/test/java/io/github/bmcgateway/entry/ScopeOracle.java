package io.github.bmcgateway.entry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The contract's words on scopes, taken one by one; knows nothing of the gateway's classes. */
final class ScopeOracle {
  private ScopeOracle() {}

  /** The answer's status; 200 where the request may go on. */
  static int status(List<String> scope, String method, String path, boolean upgrade) {
    String lower = path.toLowerCase(Locale.ROOT);
    for (String refused : List.of("//", ";", "\\", "%2e", "%2f", "%5c", "%25")) {
      if (lower.contains(refused)) {
        return 400;
      }
    }
    String decoded = decoded(path);
    for (String character : List.of("\ufffd", ";", "?", "#")) {
      if (decoded.contains(character)) {
        return 400;
      }
    }
    if (decoded.chars().anyMatch(Character::isISOControl)) {
      return 400;
    }
    for (String segment : decoded.split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        return 400;
      }
    }
    String asked = upgrade ? "SOCKET" : method.equals("SOCKET") ? "none" : method;
    for (String rule : scope) {
      boolean denies = rule.startsWith("!");
      String[] words = rule.substring(denies ? 1 : 0).split(" ", 2);
      boolean named = List.of(words[0].split(",")).contains(asked);
      // A rule that denies takes upper and lower case for the same, once decoded.
      UnaryOperator<String> as = denies ? ScopeOracle::folded : text -> text;
      if (named && matches(words[1].substring(1), as.apply(decoded).substring(1), as)) {
        return denies ? 403 : 200;
      }
    }
    return 403;
  }

  private static boolean matches(String rule, String path, UnaryOperator<String> as) {
    if (rule.equals("**")) {
      return true;
    }
    String first = rule.replaceFirst("/.*", "");
    String segment = path.replaceFirst("(?s)/.*", "");
    boolean fits =
        first.equals("*") ? !segment.isEmpty() : as.apply(decoded(first)).equals(segment);
    boolean more = rule.contains("/");
    if (!fits || more != path.contains("/")) {
      return false;
    }
    return !more
        || matches(
            rule.substring(rule.indexOf('/') + 1), path.substring(path.indexOf('/') + 1), as);
  }

  /** With a replacement character for whatever is no text. */
  private static String decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      String digits = path.substring(i + 1, Math.min(i + 3, path.length()));
      if (c == '%' && digits.matches("[0-9a-fA-F]{2}")) {
        bytes.write(Integer.parseInt(digits, 16));
        i += 2;
      } else {
        bytes.write(c == '%' ? 0xff : c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Character by character, so that no rule depends on how many a letter has in lower case. */
  private static String folded(String text) {
    StringBuilder folded = new StringBuilder();
    for (char c : text.toCharArray()) {
      folded.append(Character.toLowerCase(Character.toUpperCase(c)));
    }
    return folded.toString();
  }
}
