package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.Limit;
import io.github.bmcgateway.ops.RequestAudit;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/**
 * Ends a request that the BMC's answer can't be had for: with an answer of the gateway's own, or,
 * where the BMC's has begun already, by breaking that off. Does nothing to a request that is over.
 */
final class Refusals {
  private static final String ABORT = Refusals.class.getName();

  /** Writes an answer of the gateway's own. */
  private interface Page {
    boolean send() throws IOException;
  }

  private Refusals() {}

  /** Answers with what the one table says of the failure. */
  static void send(HttpServletRequest browser, HttpServletResponse answer, Failure failure) {
    answer(browser, answer, () -> FailurePages.send(browser, answer, failure));
  }

  /** Answers that there were too many logins, and when to try again. */
  static void tooManyLogins(
      HttpServletRequest browser, HttpServletResponse answer, Duration retryAfter) {
    answer(browser, answer, () -> FailurePages.tooMany(browser, answer, Limit.LOGINS, retryAfter));
  }

  private static void answer(HttpServletRequest browser, HttpServletResponse answer, Page page) {
    if (!browser.isAsyncStarted()) {
      return;
    }
    AsyncContext async = browser.getAsyncContext();
    // The BMC's may begin just now, on another thread.
    if (answer.isCommitted() || !isSent(page)) {
      breakOff(browser, answer, async);
    } else {
      async.complete();
    }
  }

  private static boolean isSent(Page page) {
    try {
      return page.send();
    } catch (IllegalStateException begun) {
      return false;
    } catch (IOException browserGone) {
      // Nobody is left to be told.
      return true;
    }
  }

  /** Completing would make a cut answer look whole. */
  private static void breakOff(
      HttpServletRequest browser, HttpServletResponse answer, AsyncContext async) {
    RequestAudit trail = RequestAudit.of(browser);
    int status = answer.getStatus();
    try {
      // Jetty's way to end the connection (or the HTTP/2 stream) with an error.
      answer.sendError(-1);
      // After which nobody is told that it is over, and there may be no answer to ask any more.
      trail.over(status);
    } catch (IllegalStateException | IOException notJetty) {
      if (browser.isAsyncStarted()) {
        // Tomcat does so when the servlet fails.
        browser.setAttribute(ABORT, ABORT);
        async.dispatch();
      }
      return;
    }
    try {
      async.complete();
    } catch (IllegalStateException over) {
      // The container has noticed before.
    }
  }

  /** Whether the servlet was called only to fail, which breaks off an answer that has begun. */
  static boolean isBreakingOff(HttpServletRequest browser) {
    return browser.getDispatcherType() == DispatcherType.ASYNC
        && browser.getAttribute(ABORT) != null;
  }
}
