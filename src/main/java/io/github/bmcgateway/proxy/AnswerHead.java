package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/** Makes the head of the browser's answer from the BMC's. Safe for use by several threads. */
final class AnswerHead {
  private final ResponseRules rules;
  private final BodyPlan bodyPlan;
  private final CachedAssets assets;
  private final AnswerBody body;

  /**
   * @param body sends what comes after it
   */
  AnswerHead(ResponseRules rules, BodyPlan bodyPlan, CachedAssets assets, AnswerBody body) {
    this.rules = rules;
    this.bodyPlan = bodyPlan;
    this.assets = assets;
    this.body = body;
  }

  /** Gives the answer its head; aborts the exchange if what the BMC sent can't be one. */
  void relay(
      HttpServletRequest browser, HttpServletResponse answer, BmcRequest to, Response response) {
    if (response.getStatus() < 200 || !ResponseRules.isFramed(response.getHeaders())) {
      // Jetty has dealt with the informational answers that HTTP knows.
      response.abort(new FailureException(Failure.BMC_PROTOCOL));
      return;
    }
    BodyPlan.Plan plan = bodyPlan.plan(browser, to, response);
    List<HttpField> headers = plan.headers(rules.apply(response.getHeaders(), to));
    List<HttpField> fields =
        new ArrayList<>(assets.head(browser, response, headers, plan.transforms()));
    if (response.getStatus() == HttpServletResponse.SC_NO_CONTENT) {
      // Jetty makes a 500 of it when a declared body doesn't come, and here none may.
      fields.removeIf(field -> field.is(HttpHeader.CONTENT_LENGTH.asString()));
    }
    write(fields, answer);
    body.expect(browser, answer, response, plan);
  }

  private static void write(List<HttpField> fields, HttpServletResponse answer) {
    Set<String> seen = new HashSet<>();
    for (HttpField field : fields) {
      // The first one takes the place of what the container set (Server, Date).
      if (seen.add(field.getLowerCaseName())) {
        answer.setHeader(field.getName(), field.getValue());
      } else {
        answer.addHeader(field.getName(), field.getValue());
      }
    }
  }
}
