package io.github.bmcgateway.dist;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that a test plants, and the forms in which one could turn up where none may. */
final class Canaries {
  /** What is shorter may stand anywhere by chance. */
  private static final int MIN_LENGTH = 8;

  /** What BMCs make up for their users. The last group is the secret. */
  private static final List<Pattern> ISSUED =
      List.of(
          Pattern.compile("(?i)\\nSet-Cookie: (?!pm-session-live)([^=;]+)=\"?([^;\\s\"]+)"),
          Pattern.compile("(?i)\\n(X-Auth-Token|XSRF-TOKEN): (\\S+)"),
          Pattern.compile("\\b(ST[12])=([0-9a-f]+)"),
          Pattern.compile("\\b(VCSID2?)=(\\d+)"),
          Pattern.compile("\"(session_key|CSRFToken|tempPass|token)\" ?: ?\"([^\"]+)\""));

  private final Map<String, String> secrets = new TreeMap<>();

  /** A new secret, with characters that are written otherwise in URLs. */
  String plant(String name) {
    String secret = name + "+/" + UUID.randomUUID();
    secrets.put(name, secret);
    return secret;
  }

  /** A secret that somebody else made up. */
  void add(String name, String secret) {
    if (secret.length() >= MIN_LENGTH) {
      secrets.put(name, secret);
    }
  }

  /** The secrets that a BMC hands out in an answer. */
  void addIssuedIn(String vendor, String answer) {
    for (Pattern pattern : ISSUED) {
      Matcher issued = pattern.matcher(answer);
      while (issued.find()) {
        add(vendor + " " + issued.group(1), issued.group(2));
      }
    }
  }

  /** The names of all secrets so far. */
  Set<String> names() {
    return Set.copyOf(secrets.keySet());
  }

  /** The value that goes by a name. */
  String get(String name) {
    String secret = secrets.get(name);
    if (secret == null) {
      throw new AssertionError("no " + name + " in " + secrets.keySet());
    }
    return secret;
  }

  /** Which secrets a text holds, in whatever form. */
  List<String> in(String text) {
    List<String> found = new ArrayList<>();
    secrets.forEach(
        (name, secret) -> {
          for (String form : forms(secret)) {
            if (text.contains(form)) {
              found.add(name + " as " + form + ": " + lineWith(form, text));
            }
          }
        });
    return found;
  }

  private static String lineWith(String form, String text) {
    return text.lines().filter(line -> line.contains(form)).findFirst().orElse(form);
  }

  private static Set<String> forms(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String hex = HexFormat.of().formatHex(bytes);
    Set<String> forms = new LinkedHashSet<>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    forms.add(hex);
    forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
    // Three bytes are four characters: it depends on what stands ahead which ones.
    for (int ahead = 0; ahead < 3; ahead++) {
      byte[] shifted = new byte[ahead + bytes.length];
      System.arraycopy(bytes, 0, shifted, ahead, bytes.length);
      int from = ahead == 0 ? 0 : 4;
      int whole = shifted.length / 3 * 4;
      forms.add(Base64.getEncoder().encodeToString(shifted).substring(from, whole));
      forms.add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, whole));
    }
    return forms;
  }
}
