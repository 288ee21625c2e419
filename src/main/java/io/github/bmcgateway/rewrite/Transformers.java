package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.io.ByteBufferPool;

/**
 * Finds what has to be done with the body of an answer, by the vendor profile. Safe for use by
 * several threads.
 */
public final class Transformers {
  private static final int OK = 200;
  private static final Map<String, Function<BmcRequest, ContentTransformer>> BY_NAME =
      Map.of("idrac9-ticket", request -> new WholeBodyTransformer(new Idrac9Ticket(request)));

  private final ByteBufferPool pool;
  private final Edits edits = new Edits();

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
   * What has to be done with the body of an answer, of which no part is missing.
   *
   * @param path the request's raw path, without the query
   * @param takesGzip whether the browser can take gzip; a body that came with it then keeps it
   * @return empty when the body goes on as it came
   */
  public Optional<BodyRewrite> find(
      BmcRequest request, String path, Answer answer, BooleanSupplier takesGzip) {
    Optional<ContentTransformer> rewriting =
        request
            .bmc()
            .profile()
            .transformOf(path)
            .filter(transform -> answer.isOneOf(transform.types()))
            .flatMap(transform -> rewriting(transform, request, answer.status()));
    if (!answer.gzipped()) {
      return rewriting.map(plain -> new BodyRewrite(plain, /* gzipped= */ false));
    }
    if (takesGzip.getAsBoolean()) {
      return rewriting.map(
          plain -> new BodyRewrite(gunzip(new GzipTransformer(plain)), /* gzipped= */ true));
    }
    ContentTransformer plain = rewriting.orElse(ContentTransformer.IDENTITY);
    return Optional.of(
        new BodyRewrite(gunzip(new DetachingTransformer(plain)), /* gzipped= */ false));
  }

  private ContentTransformer gunzip(ContentTransformer next) {
    return new GunzipTransformer(pool, next);
  }

  private Optional<ContentTransformer> rewriting(
      Transform transform, BmcRequest request, int status) {
    Stream<ContentTransformer> named =
        transform.transformer().map(BY_NAME::get).map(factory -> factory.apply(request)).stream();
    return Stream.concat(named, replacer(transform, request, status).stream())
        .reduce(ChainedTransformer::new);
  }

  /** One pass for everything. What a profile edits is a file, not the page of an error. */
  private Optional<ContentTransformer> replacer(
      Transform transform, BmcRequest request, int status) {
    boolean editing = status == OK && !transform.edits().isEmpty();
    List<Literal> literals =
        new ArrayList<>(editing ? Edits.literals(transform.edits()) : List.of());
    if (transform.ownAuthority()) {
      literals.addAll(OwnAuthority.literals(request));
    }
    if (literals.isEmpty()) {
      return Optional.empty();
    }
    LiteralSearch search = new LiteralSearch(literals);
    return Optional.of(
        editing
            ? new StreamingReplacer(search, edits.reporting(transform, request))
            : new StreamingReplacer(search));
  }
}
