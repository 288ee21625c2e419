package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.policy.UsedLinks;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.token.Grant;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session link: takes a token from the query or from a form, and opens the session that it
 * grants in this browser, or first asks whoever sits at it. A token that isn't good changes
 * nothing.
 *
 * <p>It asks for a one-time token, which only a form of the gateway's own page uses up: whatever
 * fetches links to show what is behind them uses up none, nor does another site's form. And it asks
 * where another site would take the browser from one BMC to another ({@link Departures}).
 *
 * <p>A one-time link that was used opens nothing for anybody. The session that it opened goes on in
 * the browser that used it, by a cookie that only the answer to that use carries ({@link
 * OnceProofs}).
 *
 * <p>Safe for use by several threads; holds none while used links are looked up.
 */
final class SessionLink {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLink.class);
  private static final String FIELD = "token";

  /** Longer than this nobody waits for a page; what isn't known by then is unavailable. */
  private static final long PATIENCE_SECONDS = 5;

  private final Admission admission;
  private final Entrance entrance;
  private final Departures departures;
  private final UsedLinks used;
  private final String path;
  private final BooleanSupplier draining;

  /** A request for the link, with the origin under which the browser sees the gateway. */
  private record Visit(
      HttpServletRequest request, HttpServletResponse response, PublicOrigin origin) {
    void refuse(Failure failure) throws IOException {
      FailurePages.send(request, response, failure);
    }

    /** Without this a page that can't be made would be an empty one. */
    private @Nullable Void giveUp(Throwable failure) {
      if (failure.getCause() instanceof UncheckedIOException gone) {
        LOG.debug("Whoever opened the link has gone", gone);
        return null;
      }
      LOG.warn("A link could not be answered", failure);
      try {
        refuse(Failure.INTERNAL);
      } catch (IOException e) {
        LOG.debug("Whoever opened the link has gone", e);
      }
      return null;
    }

    /** Whether it is a form of the gateway's own page. */
    boolean isConfirmed() {
      return "POST".equals(request.getMethod()) && OriginRule.permits(request, origin);
    }

    /** Lets the answer come after this call, unless it needn't or may already. */
    Optional<AsyncContext> holdUntil(CompletableFuture<?> known) {
      return known.isDone() || request.isAsyncStarted()
          ? Optional.empty()
          : Optional.of(request.startAsync(request, response));
    }
  }

  /**
   * @param path the link's own
   */
  SessionLink(
      Admission admission,
      Entrance entrance,
      Departures departures,
      UsedLinks used,
      String path,
      BooleanSupplier draining) {
    this.admission = admission;
    this.entrance = entrance;
    this.departures = departures;
    this.used = used;
    this.path = path;
    this.draining = draining;
  }

  /** Answers a request for the link, where need be later and asynchronously. */
  void answer(HttpServletRequest request, HttpServletResponse response, PublicOrigin origin)
      throws IOException {
    List<String> tokens = FormFields.values(request.getQueryString(), FIELD);
    Visit visit = new Visit(request, response, origin);
    if (draining.getAsBoolean()) {
      visit.refuse(Failure.DRAINING);
    } else if (Browsers.isRead(request)) {
      open(tokens, visit);
    } else if ("POST".equals(request.getMethod())) {
      FormBody.read(
          request,
          response,
          form -> {
            List<String> all = new ArrayList<>(tokens);
            all.addAll(FormFields.values(form, FIELD));
            return open(all, visit);
          });
    } else {
      FailurePages.methodNotAllowed(request, response, "GET, HEAD, POST");
    }
  }

  private CompletionStage<?> open(List<String> tokens, Visit visit) throws IOException {
    if (tokens.size() != 1) {
      visit.refuse(Failure.BAD_REQUEST);
      return done();
    }
    Verdict verdict = admission.admit(tokens.get(0), visit.origin());
    if (verdict instanceof Verdict.Admitted admitted) {
      return admitted.grant().once()
          ? openOnce(tokens.get(0), admitted, visit)
          : openPlain(tokens.get(0), admitted, visit);
    }
    if (verdict instanceof Verdict.Refused refused) {
      AuditTrail.refused(visit.request(), refused);
      visit.refuse(refused.failure());
    }
    return done();
  }

  private CompletionStage<?> openPlain(String token, Verdict.Admitted to, Visit visit)
      throws IOException {
    Optional<Departures.Departure> departure =
        departures.byAnotherSite(visit.request(), visit.origin(), to.grant());
    if (departure.isPresent()) {
      ask(token, to, departure, visit);
    } else {
      enter(token, to, visit);
    }
    return done();
  }

  private CompletionStage<?> openOnce(String token, Verdict.Admitted to, Visit visit) {
    Grant grant = to.grant();
    boolean confirmed = visit.isConfirmed();
    CompletableFuture<UsedLinks.State> state =
        inTime(confirmed ? used.use(grant.id(), grant.expires()) : used.look(grant.id()));
    Optional<AsyncContext> held = visit.holdUntil(state);
    return state
        .thenAccept(known -> answerOnce(known, confirmed, token, to, visit))
        .exceptionally(visit::giveUp)
        .whenComplete((done, failure) -> held.ifPresent(AsyncContext::complete));
  }

  private static CompletableFuture<UsedLinks.State> inTime(CompletionStage<UsedLinks.State> state) {
    return state
        .exceptionally(failure -> UsedLinks.State.UNAVAILABLE)
        .toCompletableFuture()
        .completeOnTimeout(UsedLinks.State.UNAVAILABLE, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void answerOnce(
      UsedLinks.State state, boolean confirmed, String token, Verdict.Admitted to, Visit visit) {
    try {
      switch (state) {
        case USED -> {
          AuditTrail.refusedOnce(visit.request(), to, Optional.of("used"));
          visit.refuse(Failure.USED_LINK);
        }
        case UNAVAILABLE -> {
          AuditTrail.refusedOnce(visit.request(), to, Optional.empty());
          visit.refuse(Failure.LINKS_UNAVAILABLE);
        }
        case FRESH -> {
          if (confirmed) {
            enter(token, to, visit);
          } else {
            ask(token, to, departures.of(visit.request(), visit.origin(), to.grant()), visit);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void enter(String token, Verdict.Admitted to, Visit visit) {
    AuditTrail.started(visit.request(), to);
    entrance.enter(token, to.grant(), visit.request(), visit.response());
  }

  private void ask(
      String token, Verdict.Admitted to, Optional<Departures.Departure> departure, Visit visit)
      throws IOException {
    ConfirmationPage.of(to, departure).send(visit.response(), path, FIELD, token);
  }

  private static CompletionStage<?> done() {
    return CompletableFuture.completedStage(null);
  }
}
