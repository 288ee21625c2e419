package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.ops.AuditLine;
import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.AuditLine.Text;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.policy.SessionFacts;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.token.Grant;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;

/** What the entry tells the audit of sessions. */
final class AuditTrail {
  private AuditTrail() {}

  /** The request is one of this session, and goes to its BMC. */
  static void admitted(HttpServletRequest request, Verdict.Admitted admitted) {
    know(request, admitted).admitted();
  }

  /** A link that works once is refused, though its token is good. */
  static void refusedOnce(
      HttpServletRequest request, Verdict.Admitted admitted, Optional<String> reason) {
    know(request, admitted).know(Text.REASON, reason);
  }

  /** A link opens this session. */
  static void started(HttpServletRequest request, Verdict.Admitted admitted) {
    RequestAudit trail = know(request, admitted);
    trail.tell(trail.line(Event.SESSION_START));
  }

  /** The request was refused. */
  static void refused(HttpServletRequest request, Verdict.Refused refused) {
    refused.bearer().ifPresent(bearer -> know(request, bearer.grant(), bearer.vendor()));
    RequestAudit.of(request).know(Text.REASON, refused.reason());
  }

  /** The session's holder ended it. */
  static void loggedOut(HttpServletRequest request, Grant grant) {
    RequestAudit trail = RequestAudit.of(request);
    AuditLine line = trail.line(Event.SESSION_END).with(Text.REASON, label(End.LOGGED_OUT));
    trail.tell(fill(line, Admission.facts(grant)));
  }

  /** The gateway ended a session with what ran under it. */
  static AuditLine ended(SessionFacts session, End end) {
    return fill(new AuditLine(Event.SESSION_END), session).with(Text.REASON, label(end));
  }

  private static RequestAudit know(HttpServletRequest request, Verdict.Admitted admitted) {
    return know(request, admitted.grant(), admitted.vendor());
  }

  private static RequestAudit know(
      HttpServletRequest request, Grant grant, Optional<String> vendor) {
    return RequestAudit.of(request)
        .know(Text.SUB, grant.subject())
        .know(Text.JTI, grant.tokenId())
        .know(Text.BMC, IpAddresses.format(grant.address().ip()))
        .know(Text.VENDOR, vendor);
  }

  private static AuditLine fill(AuditLine line, SessionFacts session) {
    return line.with(Text.SUB, session.subject())
        .with(Text.JTI, session.tokenId())
        .with(Text.BMC, IpAddresses.format(session.bmc()));
  }

  private static String label(End end) {
    return end.name().toLowerCase(Locale.ROOT);
  }
}
