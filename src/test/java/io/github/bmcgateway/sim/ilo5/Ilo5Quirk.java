package io.github.bmcgateway.sim.ilo5;

import java.util.EnumSet;
import java.util.Set;

/**
 * Habits of an iLO 5 that a gateway can trip over, each to be switched on or off.
 *
 * <p>The confidence says how well a habit is attested: <em>high</em> by a capture, an official
 * document or several independent clients, <em>medium</em> by one working client, <em>low</em> by a
 * remark, <em>invented</em> by nobody: then it is the strictest reading of what is known.
 */
public enum Ilo5Quirk {
  /** Another {@code Host} than the unit's own gets 400, but for {@code /ribcl}. Invented. */
  STRICT_HOST(true),
  /** {@code Origin} or {@code Referer} of another host gets 403. Low. */
  STRICT_ORIGIN(true),
  /** An upgrade whose {@code Connection} isn't literally {@code Upgrade} gets 400. Medium. */
  EXACT_UPGRADE(true),
  /** A chunked request gets 411 and the connection is closed. Low: nobody saw one accepted. */
  REFUSE_CHUNKED(true),
  /** {@code Expect} gets 417 and the connection is closed. Medium: HPE's samples suppress it. */
  REFUSE_EXPECT(true),
  /** HEAD on a file gets 405 without a body. High (iLO 4). */
  NO_HEAD_ON_FILES(true),
  /** A POST to {@code /json} must carry the cookie's key as {@code session_key} too. High. */
  KEY_IN_BODY(true),
  /** Redfish needs {@code X-Auth-Token} or Basic; a cookie alone gets 401. High. */
  REDFISH_NEEDS_TOKEN(true),
  /** Only the first 32 characters of a session key count. High (iLO 4). */
  KEY_PREFIX(true),
  /** {@code Connection} longer than 16 bytes is a violation: CVE-2017-12542. High (iLO 4). */
  LONG_CONNECTION(true),
  /** A session key that this unit never issued is a violation: it is another unit's. */
  FOREIGN_KEYS(true),
  /** A cookie of a name that no iLO page sets is a violation: it is another unit's. */
  FOREIGN_COOKIES(true),
  /** {@code /json} answers are typed {@code application/x-javascript}. High (iLO 4). */
  JSON_AS_SCRIPT(true),
  /** Redfish answers have no length and come in chunks. High. */
  CHUNKED_REDFISH(true),
  /** Schemas and registries are compressed, asked or not. High. */
  UNREQUESTED_GZIP(true),
  /** Files are compressed, asked or not. High that they are stored so, invented that unasked. */
  GZIP_FILES(true),
  /** A Redfish path without its last slash gets 308, and {@code /rest/v1} too. High (1.10-1.3x). */
  REDIRECT_MISSING_SLASH(true),
  /** {@code Location} is absolute, made from the {@code Host} received. High. */
  ABSOLUTE_LOCATION(true),
  /** {@code /html/IRC.application} is redirected from https to http, key in the query. High. */
  HTTP_DOWNGRADE(true),
  /** Redfish answers carry a header with an underscore in its name. High (older firmware). */
  UNDERSCORE_HEADER(true),
  /** Redfish answers carry {@code Link} on several lines. High. */
  REPEATED_LINK(true),
  /**
   * The clock is wrong, and so is {@code Date}: eleven hours ahead. High that it is often wrong.
   */
  WRONG_DATE(true),
  /** TLS offers the one suite of the CNSA state that fits an RSA key. Medium. */
  CNSA_SUITES(false),
  /** Answers carry {@code Server: HPE-iLO-Server/1.30}. High (older firmware). */
  SERVER_HEADER(false),
  /** The Redfish login sets no cookie; the page does. Unknown which is right. */
  COOKIE_BY_SCRIPT(false),
  /** The JSON login calls the key {@code key}. High for some builds. */
  SHORT_KEY_NAME(false),
  /** {@code /html/application.html} as a top document gets 404. Low. */
  NO_TOP_APPLICATION(false),
  /** {@code /xmldata} is switched off and gets 404. High that it can be. */
  NO_XMLDATA(false);

  private final boolean byDefault;

  Ilo5Quirk(boolean byDefault) {
    this.byDefault = byDefault;
  }

  /** The habits of a unit with everything at its default; a new set. */
  static Set<Ilo5Quirk> defaults() {
    Set<Ilo5Quirk> quirks = EnumSet.noneOf(Ilo5Quirk.class);
    for (Ilo5Quirk quirk : values()) {
      if (quirk.byDefault) {
        quirks.add(quirk);
      }
    }
    return quirks;
  }
}
