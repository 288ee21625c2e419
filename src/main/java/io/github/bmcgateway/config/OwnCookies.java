package io.github.bmcgateway.config;

/**
 * Names of the cookies that the gateway keeps in a browser: no BMC sees one or sets one.
 *
 * @param session name of the cookie that holds the session
 */
public record OwnCookies(String session) {
  /**
   * Name of the cookie that tells of a session without opening it. Browsers withhold the session's
   * own ({@code SameSite=Lax}) from what another site posts; this one comes along.
   */
  public String marker() {
    return session + "-live";
  }

  /** Whether the name is one of them, in whatever case: some BMCs don't tell cases apart. */
  public boolean include(String name) {
    return name.equalsIgnoreCase(session) || name.equalsIgnoreCase(marker());
  }
}
