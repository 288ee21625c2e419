package io.github.bmcgateway.relay;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Marks what is relayed with who has done so, and finds what comes back: {@code CDN-Loop} (RFC
 * 8586), which pmproxy's gateways know and no BMC ever sees. Believed from anybody, since all that
 * it can do is to have a request refused. Immutable; safe for use by several threads.
 */
public final class Loops {
  static final String HEADER = "CDN-Loop";

  private static final String KIND = "bmc-gateway";

  /** Regions within regions; a circle of nodes that share no name ends here. */
  private static final int MAX_HOPS = 8;

  private final String mark;

  /**
   * @param name tells this gateway from others: a host name, or something random
   */
  public Loops(String name) {
    mark = KIND + "; id=\"" + name + "\"";
  }

  /** Whether this gateway, or too many others, have relayed the request before. */
  public boolean hasBeenHere(HttpServletRequest request) {
    List<String> marks =
        Collections.list(request.getHeaders(HEADER)).stream()
            .flatMap(line -> Arrays.stream(line.split(",")))
            .map(String::trim)
            .filter(each -> each.startsWith(KIND))
            .toList();
    return marks.contains(mark) || marks.size() >= MAX_HOPS;
  }

  /** The header's value on the next hop. */
  String marked(HttpServletRequest request) {
    return Stream.concat(Collections.list(request.getHeaders(HEADER)).stream(), Stream.of(mark))
        .filter(each -> !each.isBlank())
        .collect(Collectors.joining(", "));
  }
}
