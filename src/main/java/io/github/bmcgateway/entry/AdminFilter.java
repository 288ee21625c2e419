package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.Limit;
import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.policy.InvalidRevocationException;
import io.github.bmcgateway.policy.Nodes;
import io.github.bmcgateway.policy.Revocation;
import io.github.bmcgateway.policy.RevocationFile;
import io.github.bmcgateway.policy.RevocationJson;
import io.github.bmcgateway.policy.Revocations;
import io.github.bmcgateway.policy.Revocations.Outcome;
import io.github.bmcgateway.policy.Revoker;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin endpoint: takes tokens back, and lists what was taken back. Needs no session, knows
 * only its key, and isn't for browsers: a page of a BMC has the gateway's own origin. To be mapped
 * with asynchronous support. Safe for use by several threads.
 */
final class AdminFilter extends OwnPathFilter {
  private static final Logger LOG = LoggerFactory.getLogger(AdminFilter.class);

  private final AdminKey key;
  private final RevocationJson json;
  private final Revocations revocations;
  private final Revoker revoker;
  private final Optional<Nodes> nodes;
  private final Optional<RevocationFile> file;

  /**
   * @param revocations what {@code revoker} puts in force
   * @param nodes the gateway's other nodes, if it shares anything with them
   * @param file where they are kept for the next start, if anywhere
   */
  AdminFilter(
      AdminKey key,
      RevocationJson json,
      Revocations revocations,
      Revoker revoker,
      Optional<Nodes> nodes,
      Optional<RevocationFile> file) {
    super("admin/revocations");
    this.key = key;
    this.json = json;
    this.revocations = revocations;
    this.revoker = revoker;
    this.nodes = nodes;
    this.file = file;
  }

  @Override
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (isFromPage(request)) {
      FailurePages.send(request, response, Failure.ORIGIN_DENIED);
      return;
    }
    AdminKey.Check check = key.check(request);
    if (check instanceof AdminKey.Check.TooMany tooMany) {
      FailurePages.tooMany(request, response, Limit.ADMIN_KEYS, tooMany.retryAfter());
    } else if (check instanceof AdminKey.Check.Wrong) {
      FailurePages.unauthorized(request, response);
    } else if (Browsers.isRead(request)) {
      list(response);
    } else if ("POST".equals(request.getMethod())) {
      FormBody.readJson(request, response, body -> revoked(body, request, response));
    } else {
      FailurePages.methodNotAllowed(request, response, "GET, HEAD, POST");
    }
  }

  private static boolean isFromPage(HttpServletRequest request) {
    return request.getHeader("Origin") != null
        || request.getHeader("Sec-Fetch-Site") != null
        || request.getHeader("Sec-Fetch-Mode") != null;
  }

  private void list(HttpServletResponse response) throws IOException {
    OwnAnswers.json(
        response,
        200,
        Map.of(
            "revocations", revocations.current().stream().map(RevocationJson::members).toList()));
  }

  private CompletionStage<?> revoked(
      String body, HttpServletRequest request, HttpServletResponse response) throws IOException {
    revoke(body, request, response);
    return CompletableFuture.completedStage(null);
  }

  private void revoke(String body, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Revocation revocation;
    try {
      revocation = json.read(body);
    } catch (InvalidRevocationException e) {
      OwnAnswers.json(
          response,
          Failure.BAD_REQUEST.status(),
          Map.of("error", Failure.BAD_REQUEST.code(), "message", "Not a revocation: " + e.why()));
      return;
    }
    Outcome outcome = revoker.revoke(revocation, RequestAudit.of(request).line(Event.REVOKED));
    if (outcome == Outcome.FULL) {
      FailurePages.send(request, response, Failure.REVOCATIONS_FULL);
      return;
    }
    boolean inForce = outcome != Outcome.OUTDATED;
    boolean kept = inForce && isKept(revocation);
    boolean shared = inForce && isShared(revocation);
    OwnAnswers.json(
        response, 200, Map.of("status", status(outcome), "kept", kept, "shared", shared));
  }

  private static String status(Outcome outcome) {
    return outcome == Outcome.OUTDATED ? "outdated" : "revoked";
  }

  /** Whether the other nodes learn of it, too; without them there is nobody to learn of it. */
  private boolean isShared(Revocation revocation) {
    if (nodes.isEmpty()) {
      return false;
    }
    boolean told = nodes.get().tell(revocation);
    if (!told) {
      LOG.error("A revocation is in force on this node only, until the others can be told");
    }
    return told;
  }

  /** Whether the revocation is there again after a restart. */
  private boolean isKept(Revocation revocation) {
    if (file.isEmpty()) {
      return false;
    }
    try {
      file.get().append(revocation);
      return true;
    } catch (IOException e) {
      LOG.error("A revocation is in force, but a restart will lose it: {}", e.toString());
      return false;
    }
  }
}
