package io.github.bmcgateway.entry;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plain request from an edge, with the header that the CDN took from it: {@code X-PM-Token}
 * stands for the {@code X-Auth-Token} of the BMC's pages.
 */
final class EdgePage extends HttpServletRequestWrapper {
  private static final String LOST = "X-Auth-Token";
  private static final String REPLACEMENT = "X-PM-Token";

  EdgePage(HttpServletRequest request) {
    super(request);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return super.getHeader(source(name));
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return super.getHeaders(source(name));
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = Collections.list(super.getHeaderNames());
    Set<String> all = new LinkedHashSet<>(names);
    if (isReplaced() && names.stream().noneMatch(LOST::equalsIgnoreCase)) {
      all.add(LOST);
    }
    return Collections.enumeration(all);
  }

  private String source(String name) {
    return LOST.equalsIgnoreCase(name) && isReplaced() ? REPLACEMENT : name;
  }

  private boolean isReplaced() {
    return super.getHeader(REPLACEMENT) != null;
  }
}
