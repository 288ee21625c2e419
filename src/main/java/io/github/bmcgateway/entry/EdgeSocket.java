package io.github.bmcgateway.entry;

import io.github.bmcgateway.console.Mediation;
import io.github.bmcgateway.target.Authority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A browser's upgrade as it was before an edge put it into a query: the browser's target and
 * headers, on the connection, and with the handshake, of the edge. Of the edge's own headers
 * nothing else counts, no cookie above all.
 */
final class EdgeSocket extends HttpServletRequestWrapper {
  private static final String SUBPROTOCOL = "sec-websocket-protocol";

  /** The handshake is the hop's own; so is what the CDN says of the client. */
  private static final Set<String> OF_THE_HOP =
      Set.of(
          "cf-connecting-ip",
          "connection",
          "content-length",
          "sec-websocket-extensions",
          "sec-websocket-key",
          "sec-websocket-version",
          "transfer-encoding",
          "upgrade");

  private static final String LOST_QUERY =
      "refused by the BMC; the edge in front of this gateway drops a socket's query, which some"
          + " consoles need";

  private final String path;
  private final @Nullable String query;
  private final Map<String, String> headers;
  private final Optional<Authority> host;
  private final boolean hasQuery;

  EdgeSocket(HttpServletRequest request, EdgeSocketTarget target, Map<String, String> headers) {
    super(request);
    int mark = target.target().indexOf('?');
    this.path = mark < 0 ? target.target() : target.target().substring(0, mark);
    this.query = mark < 0 ? null : target.target().substring(mark + 1);
    this.headers = Map.copyOf(headers);
    this.host = Optional.ofNullable(headers.get("host")).flatMap(Authority::parse);
    this.hasQuery = target.hasQuery();
  }

  /** Whether the browser's host, if the edge tells it, is one. */
  static boolean namesItsHost(Map<String, String> headers) {
    String host = headers.get("host");
    return host == null || Authority.parse(host).isPresent();
  }

  /** Says to the console what the edge makes of it, and keeps where it goes. */
  void attach(String name, EdgeTarget target) {
    setAttribute(name, target);
    boolean offered = super.getHeader(SUBPROTOCOL) != null;
    new Mediation(offered, hasQuery ? Optional.empty() : Optional.of(LOST_QUERY)).attachTo(this);
  }

  @Override
  public String getRequestURI() {
    return path;
  }

  @Override
  public @Nullable String getQueryString() {
    return query;
  }

  @Override
  public String getScheme() {
    return "https";
  }

  @Override
  public String getServerName() {
    return host.map(Authority::host).orElseGet(super::getServerName);
  }

  @Override
  public int getServerPort() {
    return host.map(named -> named.port().orElse(443)).orElseGet(super::getServerPort);
  }

  @Override
  public @Nullable String getHeader(String name) {
    Enumeration<String> values = getHeaders(name);
    return values.hasMoreElements() ? values.nextElement() : null;
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (OF_THE_HOP.contains(lower) || (lower.equals(SUBPROTOCOL) && isOffered())) {
      return super.getHeaders(name);
    }
    List<String> values = new ArrayList<>();
    Optional.ofNullable(headers.get(lower)).ifPresent(values::add);
    return Collections.enumeration(values);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    Set<String> names = new TreeSet<>(headers.keySet());
    for (String name : Collections.list(super.getHeaderNames())) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (OF_THE_HOP.contains(lower) || lower.equals(SUBPROTOCOL)) {
        names.add(lower);
      }
    }
    return Collections.enumeration(names);
  }

  private boolean isOffered() {
    return super.getHeader(SUBPROTOCOL) != null;
  }
}
