package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;

/**
 * The way to a BMC itself.
 *
 * @param client the started client for BMCs, of {@link BmcClients}
 */
record BmcWay(HttpClient client, RequestRules rules) implements Destination {
  @Override
  public String origin(BmcRequest to) {
    return "https://" + HostPort.of(to.bmc().address());
  }

  @Override
  public HttpFields headers(HttpServletRequest browser, BmcRequest to) {
    return rules.forPage(browser, to);
  }

  @Override
  public Failure failure(Throwable thrown) {
    return BmcFailures.of(thrown);
  }

  @Override
  public Duration answerTimeout(Duration usual) {
    return usual;
  }
}
