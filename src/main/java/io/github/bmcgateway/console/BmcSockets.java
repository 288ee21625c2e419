package io.github.bmcgateway.console;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.Budget;
import io.github.bmcgateway.target.VendorProfile.SocketRoute;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;

/** The way to BMCs, at the places that their vendors' profiles name. */
record BmcSockets(
    Supplier<HttpClient> shared, UpgradeHeaders rules, Function<Throwable, Failure> failures)
    implements SocketWay {
  @Override
  public HttpClient client() {
    return shared.get();
  }

  @Override
  public URI origin(BmcRequest to, SocketRoute route) {
    Bmc bmc = to.bmc();
    int port = route.console() ? bmc.consolePort() : bmc.address().port();
    return URI.create("wss://" + IpAddresses.formatHost(bmc.address().ip()) + ":" + port + "/");
  }

  @Override
  public Optional<Budget> budget(BmcRequest to) {
    return Optional.of(Budget.of(to.bmc()));
  }

  @Override
  public String target(HttpServletRequest browser, BmcRequest to, SocketRoute route) {
    return route.to().orElse(to.target());
  }

  @Override
  public void headers(
      HttpServletRequest browser, BmcRequest to, SocketRoute route, HttpFields.Mutable headers) {
    rules.apply(browser, to, route, headers);
  }

  @Override
  public Failure failure(Throwable thrown) {
    return failures.apply(thrown);
  }
}
