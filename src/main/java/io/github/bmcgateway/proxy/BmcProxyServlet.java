package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.rewrite.Transformers;
import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays a browser's request to the BMC that its token names. Expects a {@link BmcRequest} in the
 * request attribute {@link BmcRequest#ATTRIBUTE}; what goes where is decided there, not here. Never
 * blocks, holds a few buffers for each exchange, and answers failures from the one table.
 */
public final class BmcProxyServlet extends AsyncMiddleManServlet {
  private static final long serialVersionUID = 1L;
  private static final String TURN = BmcProxyServlet.class.getName() + ".turn";

  /** Where the superclass looks for the writer of an answer that has begun. */
  private static final String WRITER = AsyncMiddleManServlet.class.getName() + ".writeListener";

  private final transient HttpClient client;
  private final transient BmcGate gate;
  private final transient LoginWatch logins;
  private final transient ResponseRules responseRules;
  private final transient Outbound outbound;
  private final transient RequestSpool spool = new RequestSpool();
  private final transient CachedAssets assets;
  private final transient BodyPlan bodyPlan;
  private final transient AnswerHead head;
  private final transient AnswerBody body = new AnswerBody();
  private final transient Function<HttpServletRequest, GatewayConfig.Proxy> config;

  /**
   * @param config the settings that hold for a request
   * @param client the started client for BMCs, of {@link BmcClients}
   * @param gate gives out the places at a BMC
   * @param logins sees logins to BMCs pass
   * @param assets answers requests for what is kept
   * @param upstreams the way there; without it no request may be for one
   */
  public BmcProxyServlet(
      Function<HttpServletRequest, GatewayConfig.Proxy> config,
      HttpClient client,
      BmcGate gate,
      LoginWatch logins,
      RequestRules requestRules,
      ResponseRules responseRules,
      CachedAssets assets,
      Optional<Destination> upstreams) {
    this.config = config;
    this.client = client;
    this.gate = gate;
    this.logins = logins;
    this.responseRules = responseRules;
    this.assets = assets;
    outbound = new Outbound(new BmcWay(client, requestRules), upstreams, config);
    bodyPlan = new BodyPlan(new Transformers(client.getByteBufferPool()));
    head = new AnswerHead(responseRules, bodyPlan, assets, body);
  }

  /** Bytes of request bodies of unknown length that lie on disk now. */
  public long spooledBytes() {
    return spool.bytes();
  }

  @Override
  protected Logger createLogger() {
    // Not under this class's name: at DEBUG it writes whole requests, tokens and passwords
    // included.
    return LoggerFactory.getLogger(AsyncMiddleManServlet.class);
  }

  @Override
  protected HttpClient createHttpClient() {
    // The exchange as a whole has no limit: downloads, uploads and event streams take what they
    // take. Silence is limited for each request.
    setTimeout(0);
    return client;
  }

  @Override
  public void init() throws ServletException {
    super.init();
    body.servedBy(getServletContext().getServerInfo());
  }

  @Override
  public void destroy() {
    // The client belongs to the composition root, since consoles use it too.
  }

  @Override
  protected void service(HttpServletRequest browser, HttpServletResponse answer)
      throws ServletException, IOException {
    if (Refusals.isBreakingOff(browser)) {
      throw new IOException("answer of the BMC broken off");
    }
    BmcRequest to = request(browser);
    if (Shortcuts.answer(browser, answer, to) || assets.answer(browser, answer, to)) {
      return;
    }
    if (spool.needed(browser)) {
      spool.receive(browser, answer, config.apply(browser));
      return;
    }
    super.service(browser, answer);
  }

  @Override
  protected String rewriteTarget(HttpServletRequest browser) {
    return outbound.origin(request(browser));
  }

  @Override
  protected boolean hasContent(HttpServletRequest browser) {
    return browser.getContentLengthLong() > 0;
  }

  @Override
  protected boolean expects100Continue(HttpServletRequest browser) {
    // A BMC is never asked: the container sends the 100 when the body is read.
    return false;
  }

  @Override
  protected Request newProxyRequest(HttpServletRequest browser, String origin) {
    Request request = outbound.request(browser, request(browser), origin);
    spool.attachTo(request, browser);
    return request.attribute(CLIENT_REQUEST_ATTRIBUTE, browser);
  }

  @Override
  protected void copyRequestHeaders(HttpServletRequest browser, Request request) {
    outbound.addHeaders(browser, request(browser), request);
    assets.adapt(browser, request);
  }

  @Override
  protected void addProxyHeaders(HttpServletRequest browser, Request request) {
    // A BMC gets none: some refuse requests that carry them, and they tell about the gateway.
  }

  @Override
  protected AsyncRequestContent newProxyRequestContent(
      HttpServletRequest browser, HttpServletResponse answer, Request request) {
    return new KnownLengthContent(browser.getContentLengthLong());
  }

  @Override
  protected void sendProxyRequest(
      HttpServletRequest browser, HttpServletResponse answer, Request request) {
    BmcRequest to = request(browser);
    assets.sending(browser, request, to);
    if (!RequestRules.withinBudget(to, request.getHeaders())) {
      spool.discard(browser);
      Refusals.send(browser, answer, Failure.HEAD_TOO_LARGE);
      return;
    }
    Optional<Duration> wait = logins.begin(browser, request, to);
    if (wait.isPresent()) {
      spool.discard(browser);
      Refusals.tooManyLogins(browser, answer, wait.get());
      return;
    }
    Turn turn = new Turn(to, request, client.getScheduler(), ways(browser, answer, request));
    browser.setAttribute(TURN, turn);
    request.attribute(Replay.WANTED, (BooleanSupplier) () -> !turn.isUnwanted());
    browser.getAsyncContext().addListener(turn);
    turn.endsWith(browser, client.getExecutor());
    turn.begin(to.gate(gate));
  }

  private Turn.Ways ways(HttpServletRequest browser, HttpServletResponse answer, Request request) {
    return new Turn.Ways() {
      @Override
      public void send() {
        RequestAudit.of(browser).relayed();
        BmcProxyServlet.super.sendProxyRequest(browser, answer, request);
      }

      @Override
      public void refuse(Failure failure) {
        logins.abandon(browser);
        spool.discard(browser);
        Refusals.send(browser, answer, failure);
      }
    };
  }

  @Override
  protected Response.CompleteListener newProxyResponseListener(
      HttpServletRequest browser, HttpServletResponse answer) {
    return browser.getAttribute(TURN) instanceof Turn turn && turn.drains()
        ? new DrainingListener(this, browser, answer, turn)
        : assets.listener(browser, answer, responseRules, new AnswerListener(browser, answer));
  }

  @Override
  protected void onServerResponseHeaders(
      HttpServletRequest browser, HttpServletResponse answer, Response response) {
    if (BodyPlan.isEventStream(response) && browser.getAttribute(TURN) instanceof Turn turn) {
      turn.streams(gate, response);
    }
    head.relay(browser, answer, request(browser), response);
  }

  @Override
  protected ContentTransformer newClientRequestContentTransformer(
      HttpServletRequest browser, Request request) {
    return Counted.in(
        logins.tapRequest(request, request(browser)), RequestAudit.of(browser)::countIn);
  }

  @Override
  protected ContentTransformer newServerResponseContentTransformer(
      HttpServletRequest browser, HttpServletResponse answer, Response response) {
    ContentTransformer transformer =
        logins.tapAnswer(
            browser, bodyPlan.plan(browser, request(browser), response).transformerOrIdentity());
    return Counted.out(assets.tap(browser, transformer), RequestAudit.of(browser)::countOut);
  }

  @Override
  protected ProxyWriter newProxyWriteListener(HttpServletRequest browser, Response response) {
    return new AnswerWriter(browser, response, /* headFirst= */ false);
  }

  @Override
  protected void onProxyResponseFailure(
      HttpServletRequest browser,
      HttpServletResponse answer,
      @Nullable Response response,
      @Nullable Throwable failure) {
    Throwable thrown = failure == null ? new FailureException(Failure.BMC_PROTOCOL) : failure;
    Refusals.send(browser, answer, outbound.failure(request(browser), thrown));
  }

  @Override
  protected void onClientRequestFailure(
      HttpServletRequest browser, Request request, HttpServletResponse answer, Throwable failure) {
    request.abort(new FailureException(Failure.BAD_REQUEST));
  }

  private static BmcRequest request(HttpServletRequest browser) {
    return (BmcRequest) browser.getAttribute(BmcRequest.ATTRIBUTE);
  }

  /**
   * Takes a shorter way where the body has come as a whole. Sends the head of a stream of events
   * ahead: a stream is open once its head has come, which may be long before the first event.
   */
  class AnswerListener extends ProxyResponseListener {
    private final HttpServletRequest browser;
    private final HttpServletResponse answer;
    private boolean headFirst;
    private boolean headSent;

    AnswerListener(HttpServletRequest browser, HttpServletResponse answer) {
      super(browser, answer);
      this.browser = browser;
      this.answer = answer;
    }

    @Override
    public void onHeaders(Response response) {
      headFirst = BodyPlan.isEventStream(response);
      super.onHeaders(response);
    }

    @Override
    public void onContentSource(Response response, Content.Source source) {
      if (headFirst && !headSent && isAwaited()) {
        headSent = true;
        sendHead(response, () -> source.demand(reader(response, source)));
      } else {
        super.onContentSource(response, source);
      }
    }

    /** Whether the browser is still there. */
    boolean isAwaited() {
      return true;
    }

    private Runnable reader(Response response, Content.Source source) {
      return Invocable.from(
          Invocable.getInvocationType(source), () -> onContentSource(response, source));
    }

    /**
     * Sends the head without waiting for the browser to take it.
     *
     * @param sent has the body read; until then nothing of it is
     */
    void sendHead(Response response, Runnable sent) {
      ProxyWriter writer = new AnswerWriter(browser, response, /* headFirst= */ true);
      browser.setAttribute(WRITER, writer);
      writer.offer(BufferUtil.EMPTY_BUFFER, Callback.from(sent, response::abort));
      try {
        answer.getOutputStream().setWriteListener(writer);
      } catch (IOException | RuntimeException e) {
        response.abort(e);
      }
    }

    @Override
    public void onContent(Response response, Content.Chunk chunk, Runnable demander) {
      if (headFirst || !body.isWhole(browser, chunk.getByteBuffer())) {
        super.onContent(response, chunk, demander);
        return;
      }
      try {
        send(response, chunk.getByteBuffer());
      } catch (IOException | RuntimeException e) {
        response.abort(e);
        return;
      }
      demander.run();
    }

    private void send(Response response, ByteBuffer content) throws IOException {
      List<ByteBuffer> pieces = new ArrayList<>();
      newServerResponseContentTransformer(browser, answer, response)
          .transform(content, /* finished= */ true, pieces);
      AnswerBody.sendWhole(answer, pieces);
    }
  }

  /**
   * Writes the pieces of an answer. Jetty's own doesn't hear of a write that is through before it
   * has noted that it waits for that, and then waits for ever; nor of a failure between two writes.
   */
  private final class AnswerWriter extends ProxyWriter {
    private final HttpServletRequest browser;
    private final Response response;
    private final AnswerPieces pieces = new AnswerPieces();
    private boolean headDue;
    private boolean begun;

    /**
     * @param headFirst whether the first piece, an empty one, stands for the head
     */
    AnswerWriter(HttpServletRequest browser, Response response, boolean headFirst) {
      super(browser, response);
      this.browser = browser;
      this.response = response;
      this.headDue = headFirst;
    }

    @Override
    public boolean offer(ByteBuffer content, Callback written) {
      return pieces.offer(content, written);
    }

    @Override
    protected Action process() throws IOException {
      Optional<ByteBuffer> next = pieces.next();
      if (next.isEmpty()) {
        return Action.IDLE;
      }
      if (!begun) {
        begun = true;
        // Later it can't be.
        AnswerBody.declareLength(browser);
      }
      if (write(browser.getAsyncContext().getResponse().getOutputStream(), next.get())) {
        succeeded();
      }
      return Action.SCHEDULED;
    }

    private boolean write(ServletOutputStream output, ByteBuffer content) throws IOException {
      if (content.hasRemaining()) {
        return body.send(output, content, pieces);
      }
      boolean head = headDue;
      headDue = false;
      return head ? AnswerBody.sendHead(output, pieces) : pieces.isThrough(output);
    }

    @Override
    public void onWritePossible() {
      if (pieces.isAwaited()) {
        succeeded();
      } else {
        iterate();
      }
    }

    @Override
    protected void onSuccess() {
      pieces.written();
    }

    @Override
    protected void onCompleteFailure(Throwable failure) {
      if (!pieces.fail(failure)) {
        response.abort(failure);
      }
    }

    @Override
    public void onError(Throwable failure) {
      try {
        super.onError(failure);
      } catch (IllegalStateException idle) {
        // Jetty's has a use for it only while something is being written.
        response.abort(failure);
      }
    }
  }
}
