package io.github.bmcgateway.ops;

import java.util.Locale;

/**
 * Every way in which the gateway itself refuses or fails: the one place that maps a failure to its
 * status, its error code and the words that a user reads.
 */
public enum Failure {
  BAD_REQUEST(
      400, "This request can't be understood. Go back, or open the server's console link again."),
  NO_SESSION(
      401,
      "There is no session here. Open the server's console link again, or ask for a new one where you got it."),
  INVALID_TOKEN(
      401,
      "This link is not valid. Check that you have all of it, or ask for a new one where you got it."),
  USED_LINK(401, "invalid_token", "This link was used already. It works once: ask for a new one."),
  EXPIRED_TOKEN(401, "This session has ended. Ask for a new link to go on."),
  UNAUTHORIZED(401, "The credential is missing or wrong. Send the gateway's admin key."),
  TARGET_DENIED(
      403,
      "This address or port may not be reached through this gateway. Ask whoever gave you the link to have it opened."),
  SCOPE_DENIED(403, "This link does not permit that. Ask for one that does, if you need it."),
  ORIGIN_DENIED(
      403,
      "The request came from another site and was refused. Open the page from its own address."),
  NOT_ALLOWED(403, "This is not allowed here. Nothing was sent to the server."),
  NOT_FOUND(
      404, "There is nothing at this address. Check it, or open the server's console link again."),
  METHOD_NOT_ALLOWED(405, "This method is not allowed here. Go back, and open the page again."),
  TOO_LARGE(413, "The request is larger than this gateway takes. Send less at a time."),
  HEAD_TOO_LARGE(
      431,
      "too_large",
      "The request's head is larger than this gateway takes. Clear this site's cookies, and try again."),
  WRONG_GATEWAY(421, "This link belongs to another gateway. Ask for a new one."),
  WRONG_HOST(421, "This gateway is not known by that name. Use the address that your link has."),
  TOO_MANY(429, "Too many requests. Wait a moment and try again."),
  TOO_MANY_CONSOLES(
      429,
      "too_many",
      "This session has as many consoles open as it may. Close one, and open this one again."),
  INTERNAL(500, "Something went wrong in this gateway. Try again in a moment."),
  BMC_UNREACHABLE(
      502,
      "The server's management controller cannot be reached. It may be restarting: try again in a few minutes."),
  BMC_TLS(
      502,
      "No secure connection to the server's management controller could be made. Tell whoever gave you the link."),
  BMC_PROTOCOL(
      502,
      "The server's management controller sent an answer that makes no sense. Try again in a moment."),
  UPSTREAM_UNREACHABLE(
      502, "The gateway of this server's region can't be reached. Try again in a few minutes."),
  UPSTREAM_TLS(
      502,
      "No secure connection to the gateway of this server's region could be made. Tell whoever gave you the link."),
  BUSY(503, "The server's management controller is busy. Try again in a moment."),
  LINKS_UNAVAILABLE(
      503, "busy", "Links that work once can't be opened just now. Try again in a moment."),
  SPOOL_FULL(
      503, "busy", "There is no room here for the upload just now. Try again in a few minutes."),
  REVOCATIONS_FULL(
      503,
      "This gateway can't remember another revocation, and nothing was revoked. Replace the token key to end every token."),
  ALL_CONSOLES_TAKEN(
      503, "busy", "All consoles of this gateway are taken. Try again in a few minutes."),
  DRAINING(503, "This gateway is shutting down. Try again in a moment."),
  NO_CONSOLE(
      503,
      "Consoles can't be opened here. Tell whoever gave you the link that this gateway lacks WebSocket support."),
  NOT_ROOT(
      503,
      "The gateway must be deployed at the root of the host. Rename the WAR to ROOT.war, or set its"
          + " context path to /."),
  BMC_TIMEOUT(
      504, "The server's management controller did not answer in time. Try again in a moment."),
  UPSTREAM_TIMEOUT(
      504,
      "bmc_timeout",
      "The gateway of this server's region did not answer in time. Try again in a moment."),
  LOOP(508, "This link goes round in a circle between gateways. Tell whoever gave you the link.");

  /** Stands in the messages about another gateway, where its name is put in. */
  private static final String REGION = "this server's region";

  private final int status;
  private final String code;
  private final String message;

  Failure(int status, String message) {
    this.status = status;
    this.code = name().toLowerCase(Locale.ROOT);
    this.message = message;
  }

  Failure(int status, String code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The error code of the JSON body. */
  public String code() {
    return code;
  }

  /** What the user reads: what happened and what to do next; names nobody and nothing internal. */
  public String message() {
    return message;
  }

  /**
   * What the user reads where another gateway had a part in it.
   *
   * @param region the other gateway's name
   */
  String message(String region) {
    return message.replace(REGION, REGION + ", " + region + ",");
  }

  /** Whether something failed, at the BMC or here, rather than that the gateway refused it. */
  public boolean isFault() {
    return switch (this) {
      case INTERNAL,
          BMC_UNREACHABLE,
          BMC_TLS,
          BMC_PROTOCOL,
          BMC_TIMEOUT,
          UPSTREAM_UNREACHABLE,
          UPSTREAM_TLS,
          UPSTREAM_TIMEOUT ->
          true;
      default -> false;
    };
  }

  /** Whether a client may try again soon; answered with {@code Retry-After}. */
  public boolean retryable() {
    return switch (this) {
      case TOO_MANY,
          TOO_MANY_CONSOLES,
          BUSY,
          LINKS_UNAVAILABLE,
          SPOOL_FULL,
          ALL_CONSOLES_TAKEN,
          DRAINING ->
          true;
      default -> false;
    };
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  boolean mayPass() {
    return switch (this) {
      case INTERNAL,
          BMC_UNREACHABLE,
          BMC_PROTOCOL,
          BMC_TIMEOUT,
          UPSTREAM_UNREACHABLE,
          UPSTREAM_TIMEOUT ->
          true;
      default -> retryable();
    };
  }

  /** Whether only a session's requests come so far, so that its holder can look at it or end it. */
  boolean isInSession() {
    return switch (this) {
      case SCOPE_DENIED,
          TOO_MANY_CONSOLES,
          ALL_CONSOLES_TAKEN,
          BMC_UNREACHABLE,
          BMC_TLS,
          BMC_PROTOCOL,
          BUSY,
          SPOOL_FULL,
          NO_CONSOLE,
          BMC_TIMEOUT,
          UPSTREAM_UNREACHABLE,
          UPSTREAM_TLS,
          UPSTREAM_TIMEOUT,
          LOOP ->
          true;
      default -> false;
    };
  }
}
