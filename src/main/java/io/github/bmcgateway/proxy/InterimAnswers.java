package io.github.bmcgateway.proxy;

import java.util.List;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.ProcessingProtocolHandler;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;

/**
 * Swallows the answers 102 and 103 (RFC 2518, section 10.1; RFC 8297) that come ahead of the one
 * that counts. One more than {@link #MAX} of them goes to the exchange's listener instead, to which
 * it is no answer: a BMC can't keep an exchange going with them.
 */
final class InterimAnswers {
  /** No BMC is known to send one. */
  static final int MAX = 16;

  private static final String COUNT = InterimAnswers.class.getName();

  private InterimAnswers() {}

  static List<ProtocolHandler> handlers() {
    return List.of(new Processing(), new EarlyHints());
  }

  private static int count(Request request) {
    return request.getAttributes().get(COUNT) instanceof Integer count ? count : 0;
  }

  private static void countOne(Request request) {
    request.attribute(COUNT, count(request) + 1);
  }

  private static final class Processing extends ProcessingProtocolHandler {
    @Override
    public boolean accept(Request request, Response response) {
      return super.accept(request, response) && count(request) < MAX;
    }

    @Override
    protected void onProcessing(Request request, HttpFields headers) {
      countOne(request);
    }
  }

  private static final class EarlyHints extends EarlyHintsProtocolHandler {
    @Override
    public boolean accept(Request request, Response response) {
      return super.accept(request, response) && count(request) < MAX;
    }

    @Override
    protected void onEarlyHints(Request request, HttpFields headers) {
      countOne(request);
    }
  }
}
