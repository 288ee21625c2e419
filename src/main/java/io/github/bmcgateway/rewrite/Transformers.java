package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.Transform;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.io.ByteBufferPool;

/**
 * Finds the transformer of an answer by the vendor profile. Immutable; safe for several threads.
 */
public final class Transformers {
  private static final Map<String, Function<BmcRequest, ContentTransformer>> BY_NAME =
      Map.of("idrac9-ticket", request -> new WholeBodyTransformer(new Idrac9Ticket(request)));

  private final ByteBufferPool pool;

  /**
   * @param pool lends the buffers for decoding
   */
  public Transformers(ByteBufferPool pool) {
    this.pool = pool;
  }

  /** The names that a profile may use. */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  /**
   * What has to be done with the body of a complete answer (status 200).
   *
   * @param path the request's raw path, without the query
   * @param gzipped whether the body is coded with gzip
   * @param takesGzip whether the browser can take gzip
   * @return a transformer that yields plain bytes; empty when the body goes on as it came
   */
  public Optional<ContentTransformer> find(
      BmcRequest request, String path, boolean gzipped, boolean takesGzip) {
    Optional<ContentTransformer> rewriting =
        request
            .bmc()
            .profile()
            .transformOf(path)
            .flatMap(Transform::transformer)
            .map(BY_NAME::get)
            .map(factory -> factory.apply(request));
    if (!gzipped || (rewriting.isEmpty() && takesGzip)) {
      return rewriting;
    }
    return Optional.of(new GunzipTransformer(pool, rewriting.orElse(ContentTransformer.IDENTITY)));
  }
}
