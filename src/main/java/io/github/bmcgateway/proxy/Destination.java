package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;

/**
 * Where requests are sent on to that go to another gateway instead of the BMC. Must be safe for use
 * by several threads.
 */
public interface Destination {
  /** The started client, which sends targets byte for byte. */
  HttpClient client();

  /** Scheme, host and port. */
  String origin(BmcRequest to);

  /** The headers that go there. */
  HttpFields headers(HttpServletRequest browser, BmcRequest to);

  /** What a failure on the way there means. */
  Failure failure(Throwable thrown);

  /**
   * Longest silence within an exchange.
   *
   * @param usual the one of a BMC
   */
  Duration answerTimeout(Duration usual);
}
