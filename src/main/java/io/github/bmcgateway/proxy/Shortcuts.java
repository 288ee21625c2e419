package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.ops.OwnPage;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.Hint;
import io.github.bmcgateway.target.VendorProfile.Redirect;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;

/** Requests that a vendor's profile answers without asking the BMC. */
final class Shortcuts {
  private Shortcuts() {}

  /** Answers the request if the profile knows an answer; says whether it did. */
  static boolean answer(HttpServletRequest browser, HttpServletResponse answer, BmcRequest request)
      throws IOException {
    if (!"GET".equals(browser.getMethod())) {
      return false;
    }
    Optional<String> location = redirect(request);
    if (location.isPresent()) {
      answer.setStatus(HttpServletResponse.SC_FOUND);
      answer.setHeader("Location", location.get());
      answer.setHeader("Cache-Control", "no-store");
      return true;
    }
    Optional<Hint> hint = request.bmc().profile().hintOf(request.target());
    if (hint.isPresent() && isNavigation(browser)) {
      OwnAnswers.html(answer, HttpServletResponse.SC_OK, page(hint.get()));
      return true;
    }
    return false;
  }

  private static OwnPage page(Hint hint) {
    return OwnPage.of(
        hint.title(),
        """
        <p>%s</p>
        <p class="actions"><a class="main" href="/">Go to the management controller</a></p>
        """
            .formatted(OwnAnswers.escape(hint.text())));
  }

  private static Optional<String> redirect(BmcRequest request) {
    return request
        .bmc()
        .profile()
        .redirectOf(request.target())
        .map(rule -> location(rule, request))
        .filter(location -> !location.equals(request.target()));
  }

  private static String location(Redirect rule, BmcRequest request) {
    String port = Integer.toString(request.origin().port());
    Matcher target = rule.target().matcher(request.target());
    return target.replaceFirst(rule.to().replace("{port}", port));
  }

  private static boolean isNavigation(HttpServletRequest browser) {
    String mode = browser.getHeader("Sec-Fetch-Mode");
    String accept = browser.getHeader("Accept");
    return mode == null ? accept != null && accept.contains("text/html") : "navigate".equals(mode);
  }
}
