package io.github.bmcgateway.policy;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one node tells the others, with its written form; holds identifiers, never a token. */
sealed interface NodeNews {
  /** Tokens were taken back. */
  record Revoked(Revocation revocation) implements NodeNews {
    @Override
    public String text() {
      return RevocationJson.line(revocation);
    }
  }

  /**
   * A session was logged out.
   *
   * @param expires when its token would have expired
   */
  record Ended(String id, Instant expires) implements NodeNews {
    private static final Pattern TEXT = Pattern.compile("ended ([!-~]{1,128}) ([0-9]{1,15})");

    @Override
    public String text() {
      return "ended " + id + " " + expires.toEpochMilli();
    }
  }

  /** The written form. */
  String text();

  /**
   * Reads the written form.
   *
   * @throws InvalidRevocationException the text is neither
   */
  static NodeNews parse(String text, RevocationJson json) throws InvalidRevocationException {
    Matcher ended = Ended.TEXT.matcher(text);
    return ended.matches()
        ? new Ended(ended.group(1), Instant.ofEpochMilli(Long.parseLong(ended.group(2))))
        : new Revoked(json.read(text));
  }
}
