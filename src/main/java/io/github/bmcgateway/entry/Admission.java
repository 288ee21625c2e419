package io.github.bmcgateway.entry;

import io.github.bmcgateway.entry.Routes.Route;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.policy.EndedSessions;
import io.github.bmcgateway.policy.Revocations;
import io.github.bmcgateway.policy.SessionFacts;
import io.github.bmcgateway.policy.TargetGuard;
import io.github.bmcgateway.target.Authority;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.Upstream;
import io.github.bmcgateway.token.Grant;
import io.github.bmcgateway.token.TokenResult;
import io.github.bmcgateway.token.TokenVerifier;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns tokens into the right to reach one BMC. Everything is asked anew for each request, so that
 * a token that expired, was logged out or was revoked opens nothing. Immutable; safe for use by
 * several threads.
 */
final class Admission {
  /** More cookies of our name than this were not set by us. */
  static final int MAX_TOKENS = 8;

  private final TokenVerifier verifier;
  private final EndedSessions ended;
  private final Revocations revocations;
  private final TargetGuard guard;
  private final Bmcs bmcs;
  private final OnceProofs proofs;
  private final Routes routes;

  Admission(
      TokenVerifier verifier,
      EndedSessions ended,
      Revocations revocations,
      TargetGuard guard,
      Bmcs bmcs,
      OnceProofs proofs,
      Routes routes) {
    this.verifier = verifier;
    this.ended = ended;
    this.revocations = revocations;
    this.guard = guard;
    this.bmcs = bmcs;
    this.proofs = proofs;
    this.routes = routes;
  }

  /**
   * Of a request's session cookies the one whose token expires last, when all are valid and for the
   * same BMC. A second cookie of our name comes from another path or a neighbouring host: if it
   * disagrees, nobody knows which BMC is meant.
   */
  Verdict admitAll(List<String> held, PublicOrigin origin) {
    return admitAll(held, origin, Optional.empty());
  }

  /**
   * The same for a request of which an edge says where it goes. The edge opens nothing: it can only
   * agree with the token, and name the port that the token leaves open.
   */
  Verdict admitAll(List<String> held, PublicOrigin origin, Optional<EdgeTarget> told) {
    if (held.isEmpty()) {
      return new Verdict.Refused(Failure.NO_SESSION);
    }
    if (held.size() == 1) {
      return admitCookie(held.get(0), origin, told);
    }
    if (held.size() > MAX_TOKENS) {
      return new Verdict.Refused(Failure.BAD_REQUEST);
    }
    List<Verdict.Admitted> admitted =
        held.stream()
            .map(cookie -> admitCookie(cookie, origin, told))
            .filter(Verdict.Admitted.class::isInstance)
            .map(Verdict.Admitted.class::cast)
            .toList();
    long bmcs =
        admitted.stream()
            .map(each -> List.of(each.bmc().address(), each.upstream()))
            .distinct()
            .count();
    if (admitted.size() != held.size() || bmcs != 1) {
      return new Verdict.Refused(Failure.BAD_REQUEST);
    }
    return admitted.stream()
        .max(Comparator.comparing(each -> each.grant().expires()))
        .<Verdict>map(latest -> latest)
        .orElse(new Verdict.Refused(Failure.BAD_REQUEST));
  }

  /** What one session cookie opens under this public origin. */
  Verdict admitCookie(String cookie, PublicOrigin origin) {
    return admitCookie(cookie, origin, Optional.empty());
  }

  private Verdict admitCookie(String cookie, PublicOrigin origin, Optional<EdgeTarget> told) {
    Verdict verdict = admit(OnceProofs.token(cookie), origin, told);
    return verdict instanceof Verdict.Admitted admitted && !proofs.fits(cookie, admitted.grant())
        ? about(admitted.grant(), new Verdict.Refused(Failure.INVALID_TOKEN))
        : verdict;
  }

  /** What one token opens, as a link, under this public origin. */
  Verdict admit(String token, PublicOrigin origin) {
    return admit(token, origin, Optional.empty());
  }

  private Verdict admit(String token, PublicOrigin origin, Optional<EdgeTarget> told) {
    TokenResult result = verifier.verify(token);
    if (result instanceof TokenResult.Valid valid) {
      return about(valid.grant(), admit(valid.grant(), origin, told));
    }
    if (result instanceof TokenResult.Invalid invalid) {
      String reason = invalid.reason().name().toLowerCase(Locale.ROOT);
      Verdict.Refused refused = new Verdict.Refused(Failure.INVALID_TOKEN, reason);
      return invalid.signed().map(grant -> about(grant, refused)).orElse(refused);
    }
    Verdict.Refused expired = new Verdict.Refused(Failure.EXPIRED_TOKEN);
    return signed(result).map(grant -> about(grant, expired)).orElse(expired);
  }

  /** Lets a refusal tell which BMC it keeps from whom. */
  private Verdict about(Grant grant, Verdict verdict) {
    return verdict instanceof Verdict.Refused refused
        // What is set and found out here is about the BMCs that are reached from here.
        ? refused.of(
            grant, routes.of(grant) instanceof Route.Here ? bmcs.vendor(grant) : grant.vendor())
        : verdict;
  }

  /** The grant of a session cookie whose signature is good, even if it expired. */
  Optional<Grant> signedGrant(String cookie) {
    return signed(verifier.verify(OnceProofs.token(cookie)))
        .filter(grant -> proofs.fits(cookie, grant));
  }

  private static Optional<Grant> signed(TokenResult result) {
    if (result instanceof TokenResult.Valid valid) {
      return Optional.of(valid.grant());
    }
    return result instanceof TokenResult.Expired expired
        ? Optional.of(expired.grant())
        : Optional.empty();
  }

  private Verdict admit(Grant grant, PublicOrigin origin, Optional<EdgeTarget> told) {
    if (told.isPresent() && !told.get().ip().equals(grant.address().ip())) {
      return new Verdict.Refused(Failure.INVALID_TOKEN, "edge_host");
    }
    Route route = told.isPresent() ? new Route.Here() : routes.of(grant);
    if (route instanceof Route.Here) {
      return admitHere(grant, origin, port(grant, told));
    }
    Optional<String> fault = fault(grant, origin);
    if (fault.isPresent()) {
      return new Verdict.Refused(Failure.INVALID_TOKEN, fault.get());
    }
    return route instanceof Route.There there
        ? admitThere(grant, origin, there.upstream())
        : new Verdict.Refused(Failure.WRONG_GATEWAY);
  }

  private Verdict admitHere(Grant grant, PublicOrigin origin, int port) {
    Optional<Bmc> bmc = bmcs.of(grant, port);
    Optional<String> fault = bmc.isEmpty() ? Optional.of("vendor") : fault(grant, origin);
    if (fault.isPresent()) {
      return new Verdict.Refused(Failure.INVALID_TOKEN, fault.get());
    }
    return guard.allows(grant.address().ip(), port)
        ? new Verdict.Admitted(grant, bmc.orElseThrow(), Optional.empty())
        : new Verdict.Refused(Failure.TARGET_DENIED);
  }

  /** What the other gateway sees to by itself isn't asked here; pmproxy's sees to nothing. */
  private Verdict admitThere(Grant grant, PublicOrigin origin, Upstream upstream) {
    InetAddress ip = grant.address().ip();
    int port = grant.address().port();
    if (!upstream.isNative() && !grant.hasPort() && guard.allows(ip, origin.port())) {
      // By that protocol the public URL's port is the BMC's.
      port = origin.port();
    }
    return upstream.isNative() || guard.allows(ip, port)
        ? new Verdict.Admitted(grant, bmcs.elsewhere(grant, port), Optional.of(upstream))
        : new Verdict.Refused(Failure.TARGET_DENIED);
  }

  /** Whether two grants are for one BMC: an address may stand for another one in each region. */
  boolean isSameBmc(Grant one, Grant other) {
    return one.address().equals(other.address()) && routes.of(one).equals(routes.of(other));
  }

  private static int port(Grant grant, Optional<EdgeTarget> told) {
    int usual = grant.address().port();
    return grant.hasPort() ? usual : told.map(EdgeTarget::port).orElse(usual);
  }

  /** Why a good token opens nothing here and now, for the audit. */
  private Optional<String> fault(Grant grant, PublicOrigin origin) {
    return end(grant)
        .or(() -> isMeantFor(grant, origin) ? Optional.empty() : Optional.of("audience"));
  }

  /** What ended the session of a token before its time, if anything did. */
  private Optional<String> end(Grant grant) {
    if (ended.isEnded(grant.id(), grant.expires())) {
      return Optional.of("logged_out");
    }
    return revocations.isRevoked(facts(grant)) ? Optional.of("revoked") : Optional.empty();
  }

  /** What revocations go by. */
  static SessionFacts facts(Grant grant) {
    return new SessionFacts(grant.tokenId(), grant.subject(), grant.address().ip(), grant.issued());
  }

  /** An audience names public hosts, with or without a port. */
  private static boolean isMeantFor(Grant grant, PublicOrigin origin) {
    return grant.audience().isEmpty()
        || grant.audience().stream()
            .map(Authority::parse)
            .flatMap(Optional::stream)
            .anyMatch(
                host ->
                    host.host().equals(origin.host())
                        && host.port().orElse(origin.port()) == origin.port());
  }
}
