package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.Limit;
import io.github.bmcgateway.policy.LinkRate;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bounds how often a client may ask for the session link, before any token is looked at; over it
 * 429. A client is an IPv4 address, or the /64 of an IPv6 one, of which each has plenty. Safe for
 * use by several threads.
 */
final class LinkRateFilter implements Filter {
  private static final int NETWORK_BYTES = 8;

  private final LinkRate rate;
  private final ClientAddress clients;
  private final String path;
  private final int perMinute;

  /**
   * @param path the session link's
   * @param perMinute visits of a client a minute
   */
  LinkRateFilter(LinkRate rate, ClientAddress clients, String path, int perMinute) {
    this.rate = rate;
    this.clients = clients;
    this.path = path;
    this.perMinute = perMinute;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse to
        && path.equals(http.getRequestURI())) {
      Optional<Duration> wait = rate.visit(client(clients.of(http)), perMinute);
      if (wait.isPresent()) {
        FailurePages.tooMany(http, to, Limit.LINKS, wait.get());
        return;
      }
    }
    chain.doFilter(request, response);
  }

  static String client(String address) {
    Optional<InetAddress> parsed = IpAddresses.parse(address);
    return parsed
        .filter(Inet6Address.class::isInstance)
        .map(LinkRateFilter::network)
        .orElse(address);
  }

  private static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    try {
      return IpAddresses.format(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
