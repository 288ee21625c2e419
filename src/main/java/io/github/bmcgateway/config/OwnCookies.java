package io.github.bmcgateway.config;

import java.util.regex.Pattern;

/**
 * Names of the cookies that the gateway keeps in a browser: no BMC sees one or sets one.
 *
 * @param session name of the cookie that holds the session
 */
public record OwnCookies(String session) {
  private static final Pattern PREFIX =
      Pattern.compile("^__(?:host-http|host|secure|http)-", Pattern.CASE_INSENSITIVE);

  /**
   * Name of the cookie that tells of a session without opening it. Browsers withhold the session's
   * own ({@code SameSite=Lax}) from what another site posts; this one comes along.
   */
  public String marker() {
    return session + "-live";
  }

  /**
   * Whether the name is one of them, in whatever case, for some BMCs don't tell cases apart, and
   * with or without a prefix that browsers give a meaning ({@code __Host-}; RFC 6265bis, section
   * 4.1.3), lest a setting's change make an old one ours.
   */
  public boolean include(String name) {
    String bare = bare(name);
    return bare.equalsIgnoreCase(bare(session)) || bare.equalsIgnoreCase(bare(marker()));
  }

  private static String bare(String name) {
    return PREFIX.matcher(name).replaceFirst("");
  }
}
