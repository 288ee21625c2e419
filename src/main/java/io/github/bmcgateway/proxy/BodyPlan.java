package io.github.bmcgateway.proxy;

import io.github.bmcgateway.rewrite.Answer;
import io.github.bmcgateway.rewrite.BodyRewrite;
import io.github.bmcgateway.rewrite.ConsoleUrls;
import io.github.bmcgateway.rewrite.Transformers;
import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedQualityCSV;

/** What happens to the body of an answer, and what follows from it for the answer's headers. */
final class BodyPlan {
  private static final String ATTRIBUTE = BodyPlan.class.getName();
  private static final Set<String> OF_THE_OLD_BODY =
      Set.of("content-length", "accept-ranges", "content-md5", "digest", "content-encoding");

  private final Transformers transformers;

  BodyPlan(Transformers transformers) {
    this.transformers = transformers;
  }

  /** The plan for this exchange, made once. */
  Plan plan(HttpServletRequest browser, BmcRequest request, Response response) {
    if (browser.getAttribute(ATTRIBUTE) instanceof Plan plan) {
      return plan;
    }
    Plan plan = make(browser, request, response);
    browser.setAttribute(ATTRIBUTE, plan);
    return plan;
  }

  private Plan make(HttpServletRequest browser, BmcRequest request, Response response) {
    Optional<BodyRewrite> rewrite =
        isWhole(response) && isReadable(response)
            ? transformers.find(
                request,
                RequestRules.pathOf(request.target()),
                answer(response),
                () -> takesGzip(browser))
            : Optional.empty();
    return new Plan(request, rewrite);
  }

  private static boolean isWhole(Response response) {
    int status = response.getStatus();
    return status != 206 && status != 304 && status != 204;
  }

  private static Answer answer(Response response) {
    return new Answer(
        response.getStatus(),
        Optional.ofNullable(response.getHeaders().get(HttpHeader.CONTENT_TYPE)),
        isGzip(response.getHeaders().getCSV(HttpHeader.CONTENT_ENCODING, false)));
  }

  /** RFC 9110, section 8.4.1.3: {@code x-gzip} is another name for it. */
  private static boolean isGzip(List<String> codings) {
    return codings.size() == 1
        && ("gzip".equalsIgnoreCase(codings.get(0)) || "x-gzip".equalsIgnoreCase(codings.get(0)));
  }

  /** A body in another coding, which nobody asked for, goes on as it came. */
  private static boolean isReadable(Response response) {
    List<String> codings = response.getHeaders().getCSV(HttpHeader.CONTENT_ENCODING, false);
    return codings.isEmpty() || isGzip(codings) || List.of("identity").equals(codings);
  }

  /** Whether an answer is an open-ended stream of events. */
  static boolean isEventStream(Response response) {
    String type = response.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  /** Whether the browser takes a body that is coded with gzip. */
  static boolean takesGzip(HttpServletRequest browser) {
    QuotedQualityCSV codings = new QuotedQualityCSV();
    Collections.list(browser.getHeaders("Accept-Encoding")).forEach(codings::addValue);
    // Without those of which it wants none (";q=0").
    return codings.getValues().stream().anyMatch("gzip"::equalsIgnoreCase);
  }

  /**
   * @param rewrite what is done to the body; empty when it goes on as it came
   */
  record Plan(BmcRequest request, Optional<BodyRewrite> rewrite) {
    boolean transforms() {
      return rewrite.isPresent();
    }

    ContentTransformer transformerOrIdentity() {
      return rewrite.map(BodyRewrite::transformer).orElse(ContentTransformer.IDENTITY);
    }

    /** The headers that are true of the body that the browser gets. */
    List<HttpField> headers(List<HttpField> fields) {
      List<HttpField> result = new ArrayList<>();
      for (HttpField field : fields) {
        if (!transforms()
            || !OF_THE_OLD_BODY.contains(field.getLowerCaseName())
            || isCoding(field)) {
          result.add(adapt(field));
        }
      }
      return result;
    }

    private boolean isCoding(HttpField field) {
      return field.is("Content-Encoding") && rewrite.filter(BodyRewrite::gzipped).isPresent();
    }

    private HttpField adapt(HttpField field) {
      String value = field.getValue();
      if (transforms() && field.is("ETag") && value != null && !value.startsWith("W/")) {
        return new HttpField(field.getName(), "W/" + value);
      }
      if (field.is("Location") && value != null && ConsoleUrls.namesBmc(value, request)) {
        return new HttpField(field.getName(), ConsoleUrls.parametersToPublic(value, request));
      }
      return field;
    }
  }
}
