package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The literals that move URLs of the BMC's own authority to the public origin: its address and the
 * name it knows itself by, behind {@code http://}, {@code https://}, {@code ws://}, {@code wss://}
 * or {@code //}, also in JSON's spelling {@code \/\/}, with and without the BMC's port. The scheme
 * becomes that of the public origin. An authority by itself stays, since it is shown to people; so
 * does one with another scheme or another port, and one that is the beginning of a longer one.
 */
final class OwnAuthority {
  private static final Pattern HOST_AND_PORT = Pattern.compile("(.+?)(?::([0-9]{1,5}))?");
  private static final List<String> SLASHES = List.of("//", "\\/\\/");

  private OwnAuthority() {}

  static List<Literal> literals(BmcRequest request) {
    List<Literal> literals = new ArrayList<>();
    for (String own : spellings(request.bmc().address())) {
      for (String slashes : SLASHES) {
        add(literals, slashes, own, request.origin());
      }
    }
    return literals;
  }

  private static void add(List<Literal> literals, String slashes, String own, PublicOrigin origin) {
    boolean secure = "https".equals(origin.scheme());
    String from = slashes + own;
    String to = slashes + origin.authority();
    literals.add(url("http:" + from, origin.scheme() + ":" + to));
    literals.add(url("https:" + from, origin.scheme() + ":" + to));
    literals.add(url("ws:" + from, (secure ? "wss:" : "ws:") + to));
    literals.add(url("wss:" + from, (secure ? "wss:" : "ws:") + to));
    literals.add(url(from, to));
    // Begins before the literal above, and so keeps it from URLs of any other scheme.
    literals.add(url(":" + from, ":" + from));
  }

  private static Literal url(String from, String to) {
    return Literal.of(from, to, Follow.END_OF_AUTHORITY);
  }

  private static Set<String> spellings(BmcAddress bmc) {
    Set<String> spellings = new LinkedHashSet<>();
    addWithPort(spellings, IpAddresses.formatHost(bmc.ip()), bmc.port());
    bmc.host()
        .map(HOST_AND_PORT::matcher)
        .filter(Matcher::matches)
        .ifPresent(
            own -> {
              for (String host : List.of(own.group(1), own.group(1).toLowerCase(Locale.ROOT))) {
                addWithPort(spellings, host, bmc.port());
                if (own.group(2) != null) {
                  spellings.add(host + ":" + own.group(2));
                }
              }
            });
    return spellings;
  }

  private static void addWithPort(Set<String> spellings, String host, int port) {
    spellings.add(host);
    spellings.add(host + ":" + port);
  }
}
