package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.HostPattern;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.policy.EndedSessions;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.policy.Revocations;
import io.github.bmcgateway.policy.TargetGuard;
import io.github.bmcgateway.policy.UsedLinks;
import io.github.bmcgateway.relay.Loops;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.Upstream;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.token.Grant;
import io.github.bmcgateway.token.TokenVerifier;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Stands in front of everything: answers the gateway's own URLs, and lets through only what a
 * session permits, with a {@link BmcRequest} as the request's attribute {@link
 * BmcRequest#ATTRIBUTE}. Whatever follows in the chain takes its target from there.
 *
 * <p>Register it ahead of every other filter, for all paths, {@code DispatcherType.REQUEST} only
 * (an asynchronous dispatch was let in already), with asynchronous support. Safe for use by several
 * threads.
 */
public final class JwtAuthFilter implements Filter {
  private static final Set<String> REFUSED_METHODS = Set.of("CONNECT", "TRACE", "TRACK");
  private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
  private static final String BMC_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private final ReservedPaths paths;
  private final List<HostPattern> publicHosts;
  private final PublicOrigins origins;
  private final Hops hops;
  private final Loops loops;
  private final SessionCookies cookies;
  private final ShadowCookies shadows;
  private final Admission admission;
  private final LiveSessions sessions;
  private final SessionLink link;
  private final SessionPages pages;
  private final Probes probes;

  /**
   * What the filter stands on.
   *
   * @param verifier reads tokens
   * @param guard which addresses and ports may be reached
   * @param ended the sessions that were logged out; the same that {@code sessions} tells
   * @param used the one-time links that were used
   * @param revocations the tokens that were taken back
   * @param sessions the register of what runs
   * @param vendors the profile that a token's claim names, or that stands for none; empty for a
   *     vendor that nobody knows
   * @param detected the profile of a BMC whose vendor was found out by asking it
   * @param vendorCookies names of the cookies that any vendor's pages set
   * @param missing what the gateway still lacks to be ready, in words for an operator
   * @param proofKey signs sessions of one-time links where the issuer has no secret; stays the same
   *     as long as the process runs
   * @param loops finds requests that this gateway has relayed already
   * @param far ends sessions at other gateways
   * @param draining whether the gateway is shutting down and opens no new session
   * @param clock tells the time
   */
  public record Parts(
      TokenVerifier verifier,
      TargetGuard guard,
      EndedSessions ended,
      UsedLinks used,
      Revocations revocations,
      LiveSessions sessions,
      Function<Optional<String>, Optional<VendorProfile>> vendors,
      Function<BmcAddress, Optional<VendorProfile>> detected,
      Collection<String> vendorCookies,
      Supplier<List<String>> missing,
      Secret proofKey,
      Loops loops,
      FarSessions far,
      BooleanSupplier draining,
      Clock clock) {}

  /** The filter of a gateway with these settings. */
  public JwtAuthFilter(GatewayConfig config, Parts parts) {
    paths = new ReservedPaths(config.session().path());
    publicHosts = List.copyOf(config.session().publicHosts());
    origins =
        new PublicOrigins(
            Stream.of(config.gateway().trustedProxies(), config.gateway().trustedEdges())
                .flatMap(List::stream)
                .toList());
    loops = parts.loops();
    cookies = new SessionCookies(config.session().cookie());
    hops =
        new Hops(
            new ClientAddress(config.gateway().trustedProxies(), config.gateway().trustedEdges()),
            cookies);
    shadows = new ShadowCookies(config.session().cookie());
    Bmcs bmcs = new Bmcs(config.bmc().overrides(), parts.vendors(), parts.detected());
    OnceProofs proofs = new OnceProofs(parts.verifier()::secrets, parts.proofKey());
    admission =
        new Admission(
            parts.verifier(),
            parts.ended(),
            parts.revocations(),
            parts.guard(),
            bmcs,
            proofs,
            new Routes(config.gateway().relay()));
    sessions = parts.sessions();
    BrowserState browser = new BrowserState(cookies, parts.vendorCookies());
    link =
        new SessionLink(
            admission,
            new Entrance(admission, cookies, proofs, browser, sessions, parts.clock()),
            new Departures(admission, cookies),
            parts.used(),
            config.session().path(),
            parts.draining());
    pages =
        new SessionPages(
            admission, cookies, shadows, browser, sessions, hops, parts.far(), parts.clock());
    probes = new Probes(parts.missing());
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse to) {
      answer(http, to, chain);
    } else {
      throw new ServletException("Only HTTP is served here");
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!request.getContextPath().isEmpty()) {
      FailurePages.send(request, response, Failure.NOT_ROOT);
    } else if (!METHOD.matcher(request.getMethod()).matches()) {
      // HTTP/2 can carry a blank in it, which would end the method of an HTTP/1.1 request line.
      FailurePages.send(request, response, Failure.BAD_REQUEST);
    } else if (!Framing.isClear(request)) {
      FailurePages.badFraming(request, response);
    } else if (isRefusedMethod(request)) {
      FailurePages.methodNotAllowed(request, response, BMC_METHODS);
    } else {
      RequestTarget target = paths.classify(request.getRequestURI(), request.getQueryString());
      if (target instanceof RequestTarget.Own own && probes.answers(own.path())) {
        probes.answer(own.path(), request, response);
      } else {
        admit(target, request, response, chain);
      }
    }
  }

  private void admit(
      RequestTarget target,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    Optional<PublicOrigin> origin = origins.of(request);
    boolean clear = !(target instanceof RequestTarget.Ambiguous) && !EdgeFilter.isUnclear(request);
    if (!clear || origin.isEmpty()) {
      FailurePages.send(request, response, Failure.BAD_REQUEST);
      return;
    }
    boolean isLink = target instanceof RequestTarget.Own own && paths.isLink(own.path());
    Optional<Failure> refusal = refusal(request, origin.get(), isLink);
    if (refusal.isPresent()) {
      FailurePages.send(request, response, refusal.get());
    } else if (isLink) {
      link.answer(request, response, origin.get());
    } else if (target instanceof RequestTarget.Own own) {
      pages.answer(own.path(), request, response, origin.get());
    } else if (target instanceof RequestTarget.ForBmc bmc) {
      forward(bmc, request, response, origin.get(), chain);
    }
  }

  private Optional<Failure> refusal(
      HttpServletRequest request, PublicOrigin origin, boolean isLink) {
    if (!publicHosts.isEmpty() && publicHosts.stream().noneMatch(h -> h.matches(origin.host()))) {
      return Optional.of(Failure.WRONG_HOST);
    }
    if (Browsers.isServiceWorker(request)) {
      return Optional.of(Failure.NOT_ALLOWED);
    }
    // The link is followed from other sites by its nature; its token is what it proves.
    return isLink || OriginRule.permits(request, origin)
        ? Optional.empty()
        : Optional.of(Failure.ORIGIN_DENIED);
  }

  private void forward(
      RequestTarget.ForBmc target,
      HttpServletRequest request,
      HttpServletResponse response,
      PublicOrigin origin,
      FilterChain chain)
      throws IOException, ServletException {
    Verdict verdict =
        admission.admitAll(cookies.tokens(request), origin, EdgeFilter.target(request));
    if (verdict instanceof Verdict.Admitted admitted) {
      AuditTrail.admitted(request, admitted);
      if (admitted.upstream().isPresent() && loops.hasBeenHere(request)) {
        FailurePages.send(request, response, Failure.LOOP);
        return;
      }
      admitted.upstream().ifPresent(upstream -> relay(upstream, request));
      Grant grant = admitted.grant();
      LiveSession session = sessions.session(grant.id(), grant.expires(), Admission.facts(grant));
      request.setAttribute(
          BmcRequest.ATTRIBUTE,
          new BmcRequest(admitted.bmc(), target.text(), origin, session, admitted.upstream()));
      request.setAttribute(ScopeFilter.GRANT, grant);
      chain.doFilter(new ForwardedRequest(request, response), response);
    } else if (verdict instanceof Verdict.Refused refused) {
      AuditTrail.refused(request, refused);
      if (refused.failure() == Failure.BAD_REQUEST) {
        FailurePages.ambiguousSession(request, response, shadows.expired(request, origin));
      } else {
        FailurePages.send(request, response, refused.failure());
      }
    }
  }

  private void relay(Upstream upstream, HttpServletRequest request) {
    FailurePages.nameRegion(request, upstream.host());
    hops.prepare(request, upstream);
  }

  private static boolean isRefusedMethod(HttpServletRequest request) {
    String method = request.getMethod().toUpperCase(Locale.ROOT);
    return REFUSED_METHODS.contains(method) && !Browsers.isExtendedConnect(request);
  }
}
