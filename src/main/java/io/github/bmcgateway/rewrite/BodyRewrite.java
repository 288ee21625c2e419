package io.github.bmcgateway.rewrite;

import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;

/**
 * What is done to a body. For one exchange only.
 *
 * @param transformer does it; {@link org.eclipse.jetty.util.component.Destroyable} where it holds
 *     memory outside the heap
 * @param gzipped whether what it yields is coded with gzip; else it is plain
 */
public record BodyRewrite(ContentTransformer transformer, boolean gzipped) {}
