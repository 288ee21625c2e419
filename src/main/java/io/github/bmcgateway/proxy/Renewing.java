package io.github.bmcgateway.proxy;

import io.github.bmcgateway.cache.Asset;
import java.util.Optional;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;

/**
 * The answer to the question whether an asset is still what is kept: a 304 is the gateway's
 * business, anything else the browser's.
 */
final class Renewing implements Response.Listener {
  private static final int NOT_MODIFIED = 304;

  private final AssetRequest request;
  private final Response.Listener otherwise;
  private final Then then;
  private Optional<Asset> asset = Optional.empty();

  /** How it goes on after a 304. */
  @FunctionalInterface
  interface Then {
    /**
     * The BMC has said that nothing has changed.
     *
     * @param asset what the browser gets; empty if it can't be used, and the BMC is to be asked for
     *     it once more
     * @param answer the headers with which the BMC said so
     */
    void goOn(Optional<Asset> asset, HttpFields answer);
  }

  Renewing(AssetRequest request, Response.Listener otherwise, Then then) {
    this.request = request;
    this.otherwise = otherwise;
    this.then = then;
  }

  @Override
  public void onBegin(Response response) {
    if (response.getStatus() != NOT_MODIFIED) {
      otherwise.onBegin(response);
    }
  }

  @Override
  public boolean onHeader(Response response, HttpField field) {
    return response.getStatus() == NOT_MODIFIED || otherwise.onHeader(response, field);
  }

  @Override
  public void onHeaders(Response response) {
    if (response.getStatus() == NOT_MODIFIED) {
      asset = request.flight().flatMap(flight -> flight.renew(CachedAssets.answer(response)));
    } else {
      otherwise.onHeaders(response);
    }
  }

  @Override
  public void onContentSource(Response response, Content.Source source) {
    otherwise.onContentSource(response, source);
  }

  @Override
  public void onSuccess(Response response) {
    if (response.getStatus() != NOT_MODIFIED) {
      otherwise.onSuccess(response);
    }
  }

  @Override
  public void onFailure(Response response, Throwable failure) {
    otherwise.onFailure(response, failure);
  }

  @Override
  public void onComplete(Result result) {
    boolean unchanged = result.isSucceeded() && result.getResponse().getStatus() == NOT_MODIFIED;
    if (!unchanged) {
      otherwise.onComplete(result);
    } else {
      then.goOn(asset, result.getResponse().getHeaders());
    }
  }
}
