package io.github.bmcgateway.sim.asrockrack;

/**
 * A way in which MegaRAC SP-X differs from what a client may expect, or a rule about what a gateway
 * may send it. All are on unless a test switches them off.
 */
public enum Quirk {
  /** The upgrade's header names are compared by case: 400, 503, or the start page. */
  CASE_SENSITIVE_UPGRADE,
  /** An upgrade without {@code Origin} gets 400; any value will do. */
  UPGRADE_NEEDS_ORIGIN,
  /** An upgrade without a live session's cookie gets 401. */
  UPGRADE_NEEDS_SESSION,
  /** The subprotocol is {@code binary}, whatever was offered. */
  ALWAYS_BINARY,
  /** Eight consoles and media at a time; the ninth gets 101 and then plain HTTP. */
  NINTH_SOCKET_GETS_HTTP,
  /** A ping is never answered, and counts as a broken rule. */
  IGNORES_PING,
  /** A client's close frame is followed by the end of the connection, not by a close frame. */
  CLOSES_WITHOUT_FRAME,
  /**
   * A message longer than its clients have room for is a broken rule; over 256 KiB it takes the web
   * server down.
   */
  CRASHES_ON_LARGE_MESSAGE,
  /** A request head over 8 KiB gets 431 with an HTTP/1.0 status line and no reason. */
  HEAD_BUDGET,
  /** A {@code Host} with an underscore gets 400. */
  STRICT_HOST,
  /** A {@code Host} other than the unit's own is a broken rule; the unit takes it. */
  OWN_HOST,
  /** {@code /?anything} gets 404. */
  ROOT_QUERY_MISSING,
  /** A chunked body gets 411. */
  REFUSES_CHUNKED,
  /** {@code Expect} gets 417. */
  REFUSES_EXPECT,
  /** Cookies count as form fields and win over them. */
  COOKIES_OVERRIDE_FORM,
  /** Any cookie besides {@code QSESSIONID} is a broken rule; the unit takes it. */
  ONLY_SESSION_COOKIE,
  /** Of several {@code Cookie} lines each must carry the session. */
  COOKIE_LINES_APART,
  /** An address with 130 connections is locked out for good. */
  BANS,
  /** A Redfish request that the client gives up ends its session. */
  ABORT_ENDS_REDFISH_SESSION,
  /** Forty Redfish requests within five seconds lock Redfish for three minutes. */
  REDFISH_BURST
}
