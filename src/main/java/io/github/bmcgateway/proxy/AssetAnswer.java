package io.github.bmcgateway.proxy;

import io.github.bmcgateway.cache.Asset;
import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.cache.Reply;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;

/**
 * Answers a request with an asset that is kept, or with a part of it. A small one goes into the
 * container's buffer; of a larger one as much is written as the browser takes, without waiting for
 * it and without a copy of our own. Safe for use by several threads.
 */
final class AssetAnswer implements WriteListener, AsyncListener {
  private static final int SMALL_BYTES = 16 * 1024;
  private static final int CHUNK_BYTES = 64 * 1024;

  /** RFC 9110, section 15.4.5: what the browser updates its copy with. */
  private static final Set<String> NOT_MODIFIED =
      Set.of("cache-control", "etag", "last-modified", "vary");

  private final HttpServletRequest browser;
  private final HttpServletResponse answer;
  private final byte[] body;
  private final int end;
  private final ServletOutputStream out;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile Registration registration = () -> {};
  private volatile Optional<End> ended = Optional.empty();
  private volatile boolean inBackground;
  private int at;

  private AssetAnswer(
      HttpServletRequest browser, HttpServletResponse answer, byte[] body, int from, int length)
      throws IOException {
    this.browser = browser;
    this.answer = answer;
    this.body = body;
    this.at = from;
    this.end = from + length;
    this.out = answer.getOutputStream();
  }

  /** Answers, now or in the background. */
  static void send(
      HttpServletRequest browser, HttpServletResponse answer, Asset asset, LiveSession session)
      throws IOException {
    Reply reply = AssetCache.reply(asset, AssetRequest.conditions(browser));
    int from = reply instanceof Reply.Part part ? part.from() : 0;
    int length = length(asset, reply);
    AssetAnswer sent = new AssetAnswer(browser, answer, asset.body(), from, length);
    Optional<Registration> registered = session.register(Kind.REQUEST, sent::end);
    if (registered.isEmpty()) {
      refuse(browser, answer);
      return;
    }
    sent.registration = registered.get();
    try {
      head(answer, asset, reply);
      AssetRequest.of(browser)
          .map(request -> request.withCookies(List.of()))
          .orElse(List.of())
          .forEach(cookie -> answer.addHeader(cookie.getName(), cookie.getValue()));
      sent.body(length);
    } catch (IOException | RuntimeException e) {
      registered.get().close();
      throw e;
    }
  }

  private void body(int length) throws IOException {
    if ("HEAD".equals(browser.getMethod())) {
      answer.setContentLengthLong(length);
      finish();
    } else if (length == 0 || (length <= SMALL_BYTES && sendsBuffered())) {
      whole(length);
    } else {
      answer.setContentLengthLong(length);
      begin();
    }
  }

  private static int length(Asset asset, Reply reply) {
    if (reply instanceof Reply.Part part) {
      return part.length();
    }
    return reply instanceof Reply.Whole ? asset.body().length : 0;
  }

  private static void refuse(HttpServletRequest browser, HttpServletResponse answer)
      throws IOException {
    if (browser.isAsyncStarted()) {
      Refusals.send(browser, answer, Failure.EXPIRED_TOKEN);
    } else {
      FailurePages.send(browser, answer, Failure.EXPIRED_TOKEN);
    }
  }

  private static void head(HttpServletResponse answer, Asset asset, Reply reply) {
    answer.setStatus(status(reply));
    boolean body = reply instanceof Reply.Whole || reply instanceof Reply.Part;
    for (HttpField field : asset.headers()) {
      if (body || NOT_MODIFIED.contains(field.getLowerCaseName())) {
        answer.addHeader(field.getName(), field.getValue());
      }
    }
    int all = asset.body().length;
    if (reply instanceof Reply.Part part) {
      int last = part.from() + part.length() - 1;
      answer.setHeader("Content-Range", "bytes " + part.from() + "-" + last + "/" + all);
    } else if (reply instanceof Reply.OutOfRange) {
      answer.setHeader("Content-Range", "bytes */" + all);
    }
  }

  private static int status(Reply reply) {
    if (reply instanceof Reply.NotModified) {
      return HttpServletResponse.SC_NOT_MODIFIED;
    }
    if (reply instanceof Reply.OutOfRange) {
      return HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE;
    }
    return reply instanceof Reply.Part
        ? HttpServletResponse.SC_PARTIAL_CONTENT
        : HttpServletResponse.SC_OK;
  }

  /**
   * As of the gateway's own answers: the container sends it once this is over, and nobody waits.
   */
  private void whole(int length) throws IOException {
    if (length > 0) {
      if (answer.getBufferSize() <= length) {
        answer.setBufferSize(length + 1);
      }
      out.write(body, at, length);
      RequestAudit.of(browser).countOut(length);
    }
    finish();
  }

  /** What it has buffered Jetty sends without holding a thread; others don't. */
  private boolean sendsBuffered() {
    String container = browser.getServletContext().getServerInfo();
    return container.toLowerCase(Locale.ROOT).contains("jetty");
  }

  private void begin() {
    AsyncContext async =
        browser.isAsyncStarted() ? browser.getAsyncContext() : browser.startAsync();
    async.setTimeout(0);
    async.addListener(this);
    GoneBrowser.watch(browser, this::onError);
    inBackground = true;
    if (ended.isPresent()) {
      cut(ended.get());
    } else {
      out.setWriteListener(this);
    }
  }

  @Override
  public void onWritePossible() throws IOException {
    while (!over.get() && out.isReady()) {
      if (at == end) {
        finish();
        return;
      }
      int bytes = Math.min(CHUNK_BYTES, end - at);
      out.write(body, at, bytes);
      at += bytes;
      RequestAudit.of(browser).countOut(bytes);
    }
  }

  /** The session ended: what is still to come must not reach anybody. */
  private void end(End reason) {
    ended = Optional.of(reason);
    if (inBackground) {
      cut(reason);
    }
  }

  private void cut(End reason) {
    if (over.compareAndSet(false, true)) {
      Refusals.send(browser, answer, Turn.failureOf(reason).failure());
    }
  }

  private void finish() {
    if (over.compareAndSet(false, true)) {
      registration.close();
      if (browser.isAsyncStarted()) {
        browser.getAsyncContext().complete();
      }
    }
  }

  @Override
  public void onError(Throwable browserGone) {
    RequestAudit trail = RequestAudit.of(browser);
    trail.browserLeft();
    // Jetty breaks off what is incomplete, and doesn't tell that it is over.
    trail.over(answer.getStatus());
    finish();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    over.set(true);
    registration.close();
  }

  @Override
  public void onError(AsyncEvent event) {
    // Jetty may break it off now, and doesn't tell then that it is over.
    onComplete(event);
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
