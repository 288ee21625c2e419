package io.github.bmcgateway.proxy;

import io.github.bmcgateway.cache.Asset;
import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.cache.AssetCache.Way;
import io.github.bmcgateway.cache.Flight;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.proxy.tls.BmcConnector;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.Assets;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Answers requests for assets from the cache, and fills it from what passes. Stands behind
 * everything that decides whether a request may be made at all. Safe for use by several threads.
 */
public final class CachedAssets {
  /** Statuses whose tag is that of the file. */
  private static final Set<Integer> TAGGED = Set.of(200, 206, 304);

  private final AssetCache cache;
  private final Supplier<Scheduler> scheduler;

  /**
   * @param scheduler looks after those who wait; asked when somebody does
   */
  public CachedAssets(AssetCache cache, Supplier<Scheduler> scheduler) {
    this.cache = cache;
    this.scheduler = scheduler;
  }

  /** Answers the request, now or later, if it can; else it goes to the BMC. */
  boolean answer(HttpServletRequest browser, HttpServletResponse answer, BmcRequest to)
      throws IOException {
    Optional<Assets> rule = AssetCache.rule(to);
    if (rule.isEmpty()) {
      return false;
    }
    AssetRequest request = AssetRequest.make(browser, to, rule.get());
    if (!request.isShared() || request.flight().isPresent()) {
      return false;
    }
    Optional<Asset> kept = kept(request);
    if (kept.isPresent()) {
      AssetAnswer.send(browser, answer, kept.get(), to.session());
      return true;
    }
    if (!"GET".equals(browser.getMethod()) || browser.getHeader("Range") != null) {
      return false;
    }
    Way way = cache.enter(request.key(), request.rule());
    if (way instanceof Way.Follow follow) {
      new AssetWait(browser, answer, request, follow.flight(), cache, scheduler.get())
          .begin(to.session());
      return true;
    }
    if (way instanceof Way.Lead lead) {
      request.lead(lead.flight());
    }
    return false;
  }

  private Optional<Asset> kept(AssetRequest request) {
    if (request.hasLanded()) {
      return cache.landed(request.key());
    }
    return request.isAnew() ? Optional.empty() : cache.fresh(request.key());
  }

  /** Makes a request fit for all who want the same, or else for its browser alone. */
  void adapt(HttpServletRequest browser, Request request) {
    AssetRequest.of(browser)
        .ifPresent(
            asset ->
                request.headers(
                    headers ->
                        asset
                            .flight()
                            .ifPresentOrElse(
                                flight ->
                                    AssetHeaders.forAll(
                                        headers, asset.key().gzip(), flight.stale()),
                                () -> AssetHeaders.forOne(headers, asset.tags()))));
  }

  /** A request is about to go out, or to be refused. */
  void sending(HttpServletRequest browser, Request request, BmcRequest to) {
    long bytes = request.getBody() == null ? 0 : request.getBody().getLength();
    if (to.upstream().isEmpty() && FirmwareUpdates.mayBe(request.getMethod(), bytes, to)) {
      BmcAddress bmc = to.bmc().address();
      cache.updating(new Endpoint(bmc.ip(), bmc.port()));
    }
    AssetRequest.of(browser)
        .flatMap(AssetRequest::flight)
        .ifPresent(
            flight -> {
              browser.getAsyncContext().addListener(new End(flight));
              request.onComplete(
                  result -> {
                    if (result.isSucceeded()) {
                      flight.refuse();
                    } else {
                      flight.abandon();
                    }
                  });
            });
  }

  /**
   * The head of an answer as the browser gets it.
   *
   * @param fields the headers that it would get otherwise
   * @param transformed whether the body is another than the BMC's
   */
  List<HttpField> head(
      HttpServletRequest browser, Response response, List<HttpField> fields, boolean transformed) {
    Optional<AssetRequest> asset = AssetRequest.of(browser);
    if (asset.isEmpty()) {
      return fields;
    }
    List<HttpField> all = asset.get().withCookies(fields);
    if (!TAGGED.contains(response.getStatus())) {
      asset.get().flight().ifPresent(Flight::refuse);
      return all;
    }
    List<HttpField> tagged = AssetHeaders.down(all, asset.get().tags());
    return asset
        .get()
        .flight()
        .map(
            flight -> {
              List<HttpField> kept = AssetHeaders.kept(tagged);
              flight.begin(answer(response), kept, transformed);
              return flight.isRecording() ? kept : tagged;
            })
        .orElse(tagged);
  }

  /** What the cache has to know of an answer. */
  static Flight.Answer answer(Response response) {
    return new Flight.Answer(
        response.getRequest().getConnection() instanceof BmcConnection connection
            ? BmcConnector.certificate(connection.getEndPoint())
            : Optional.empty(),
        response.getStatus(),
        response.getHeaders());
  }

  /** Records what comes out of a transformer, if it is wanted. */
  ContentTransformer tap(HttpServletRequest browser, ContentTransformer transformer) {
    return AssetRequest.of(browser)
        .flatMap(AssetRequest::flight)
        .filter(Flight::isRecording)
        .<ContentTransformer>map(flight -> new Recorded(transformer, flight))
        .orElse(transformer);
  }

  /**
   * Sees to answers that say that an asset is still the same.
   *
   * @param rules tell which cookies that come with them reach the browser that asked
   */
  Response.CompleteListener listener(
      HttpServletRequest browser,
      HttpServletResponse answer,
      ResponseRules rules,
      Response.CompleteListener otherwise) {
    Optional<AssetRequest> asking =
        AssetRequest.of(browser).filter(asset -> asset.flight().flatMap(Flight::stale).isPresent());
    return asking.isPresent() && otherwise instanceof Response.Listener listener
        ? new Renewing(asking.get(), listener, then(browser, answer, rules, asking.get()))
        : otherwise;
  }

  private static Renewing.Then then(
      HttpServletRequest browser,
      HttpServletResponse answer,
      ResponseRules rules,
      AssetRequest request) {
    BmcRequest to = (BmcRequest) browser.getAttribute(BmcRequest.ATTRIBUTE);
    return (asset, head) -> {
      request.brought(rules.cookies(head, to));
      if (asset.isPresent()) {
        send(browser, answer, asset.get(), to);
      } else {
        request.goAlone();
        browser.getAsyncContext().dispatch();
      }
    };
  }

  private static void send(
      HttpServletRequest browser, HttpServletResponse answer, Asset asset, BmcRequest to) {
    try {
      AssetAnswer.send(browser, answer, asset, to.session());
    } catch (IOException browserGone) {
      Refusals.send(browser, answer, Failure.BAD_REQUEST);
    }
  }

  /** Whatever becomes of the request that leads, nobody waits for it any longer. */
  private record End(Flight flight) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      flight.abandon();
    }

    @Override
    public void onError(AsyncEvent event) {
      flight.abandon();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
