package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.Limit;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.rewrite.Transformers;
import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
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
  private static final String PREFIX = BmcProxyServlet.class.getName();
  private static final String TURN = PREFIX + ".turn";
  private static final String LENGTH = PREFIX + ".length";
  private static final String ABORT = PREFIX + ".abort";
  private static final int MAX_BUFFERED_BYTES = 16 * 1024;

  /** What is larger Jetty writes at once, unless a larger buffer is asked for. */
  private static final int BULK_BYTES = 8 * 1024;

  /** Of a body without a length each write is a chunk of HTTP/1.1, with a frame of its own. */
  private static final int GATHERED_BYTES = 64 * 1024;

  private final transient HttpClient client;
  private final transient Optional<Destination> upstreams;
  private final transient BmcGate gate;
  private final transient LoginWatch logins;
  private final transient RequestRules requestRules;
  private final transient ResponseRules responseRules;
  private final transient CachedAssets assets;
  private final transient BodyPlan bodyPlan;
  private final transient RequestSpool spool;
  private final transient Function<HttpServletRequest, GatewayConfig.Proxy> config;
  private boolean sendsBuffered;

  /**
   * @param config the settings that hold for a request
   * @param client the started client for BMCs, of {@link BmcClients}
   * @param gate gives out the places at a BMC
   * @param logins sees logins to BMCs pass
   */
  public BmcProxyServlet(
      Function<HttpServletRequest, GatewayConfig.Proxy> config,
      HttpClient client,
      BmcGate gate,
      LoginWatch logins,
      RequestRules requestRules,
      ResponseRules responseRules) {
    this(
        config,
        client,
        gate,
        logins,
        requestRules,
        responseRules,
        CachedAssets.none(client::getScheduler),
        Optional.empty());
  }

  /**
   * A servlet that also keeps assets, and relays to other gateways.
   *
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
    this.assets = assets;
    this.upstreams = upstreams;
    this.config = config;
    this.client = client;
    this.gate = gate;
    this.logins = logins;
    this.requestRules = requestRules;
    this.responseRules = responseRules;
    this.bodyPlan = new BodyPlan(new Transformers(client.getByteBufferPool()));
    this.spool = new RequestSpool();
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
    // What it has buffered Jetty sends without holding a thread; others don't.
    sendsBuffered = getServletContext().getServerInfo().toLowerCase(Locale.ROOT).contains("jetty");
  }

  @Override
  public void destroy() {
    // The client belongs to the composition root, since consoles use it too.
  }

  @Override
  protected void service(HttpServletRequest browser, HttpServletResponse answer)
      throws ServletException, IOException {
    if (browser.getDispatcherType() == DispatcherType.ASYNC
        && browser.getAttribute(ABORT) != null) {
      throw new IOException("answer of the BMC broken off");
    }
    if (Shortcuts.answer(browser, answer, request(browser))) {
      return;
    }
    if (assets.answer(browser, answer, request(browser))) {
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
    BmcRequest to = request(browser);
    return upstream(to)
        .map(relay -> relay.origin(to))
        .orElseGet(() -> "https://" + HostPort.of(to.bmc().address()));
  }

  /** The other gateway's side of it, for a request that is relayed. */
  private Optional<Destination> upstream(BmcRequest to) {
    return to.upstream().map(gateway -> upstreams.orElseThrow());
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
    BmcRequest to = request(browser);
    Optional<Destination> upstream = upstream(to);
    Request request =
        upstream
            .map(Destination::client)
            .orElse(client)
            .newRequest(origin)
            .method(browser.getMethod())
            .path(to.target())
            .idleTimeout(answerTimeout(browser, to).toMillis(), TimeUnit.MILLISECONDS)
            .attribute(CLIENT_REQUEST_ATTRIBUTE, browser);
    HeadDeadline.set(request, client.getScheduler(), answerTimeout(browser, to));
    spool.attachTo(request, browser);
    return upstream.isPresent() ? request : BmcClients.pooled(request, to.bmc());
  }

  private Duration answerTimeout(HttpServletRequest browser, BmcRequest to) {
    int seconds = to.bmc().profile().answerSeconds();
    Duration usual =
        seconds == 0 ? config.apply(browser).answerTimeout() : Duration.ofSeconds(seconds);
    return upstream(to).map(relay -> relay.answerTimeout(usual)).orElse(usual);
  }

  @Override
  protected void copyRequestHeaders(HttpServletRequest browser, Request request) {
    BmcRequest to = request(browser);
    HttpFields fields =
        upstream(to)
            .map(relay -> relay.headers(browser, to))
            .orElseGet(() -> requestRules.forPage(browser, to));
    request.headers(headers -> headers.clear().add(fields));
    if (HttpMethod.HEAD.is(browser.getMethod())) {
      // Some web servers send a body nevertheless, which would be the next request's answer.
      request.headers(headers -> headers.put(HttpHeader.CONNECTION, "close"));
    }
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
    assets.sending(browser, request, request(browser));
    if (!RequestRules.withinBudget(request(browser), request.getHeaders())) {
      spool.discard(browser);
      fail(browser, answer, Failure.HEAD_TOO_LARGE);
      return;
    }
    Optional<Duration> wait = logins.begin(browser, request, request(browser));
    if (wait.isPresent()) {
      spool.discard(browser);
      answer(
          browser, answer, () -> FailurePages.tooMany(browser, answer, Limit.LOGINS, wait.get()));
      return;
    }
    Turn turn =
        new Turn(request(browser), request, client.getScheduler(), ways(browser, answer, request));
    browser.setAttribute(TURN, turn);
    request.attribute(Replay.WANTED, (BooleanSupplier) () -> !turn.isUnwanted());
    browser.getAsyncContext().addListener(turn);
    turn.begin(request(browser).gate(gate));
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
        fail(browser, answer, failure);
      }
    };
  }

  @Override
  protected Response.CompleteListener newProxyResponseListener(
      HttpServletRequest browser, HttpServletResponse answer) {
    return browser.getAttribute(TURN) instanceof Turn turn && turn.drains()
        ? new DrainingListener(browser, answer, turn)
        : assets.listener(browser, answer, responseRules, new AnswerListener(browser, answer));
  }

  @Override
  protected void onServerResponseHeaders(
      HttpServletRequest browser, HttpServletResponse answer, Response response) {
    if (response.getStatus() < 200 || !ResponseRules.isFramed(response.getHeaders())) {
      // Jetty has dealt with the informational answers that HTTP knows.
      response.abort(new FailureException(Failure.BMC_PROTOCOL));
      return;
    }
    BmcRequest to = request(browser);
    BodyPlan.Plan plan = bodyPlan.plan(browser, to, response);
    List<HttpField> headers = plan.headers(responseRules.apply(response.getHeaders(), to));
    List<HttpField> fields =
        new ArrayList<>(assets.head(browser, response, headers, plan.transforms()));
    if (response.getStatus() == HttpServletResponse.SC_NO_CONTENT) {
      // Jetty makes a 500 of it when a declared body doesn't come, and here none may.
      fields.removeIf(field -> field.is(HttpHeader.CONTENT_LENGTH.asString()));
    }
    Set<String> seen = new HashSet<>();
    for (HttpField field : fields) {
      // The first one takes the place of what the container set (Server, Date).
      if (seen.add(field.getLowerCaseName())) {
        answer.setHeader(field.getName(), field.getValue());
      } else {
        answer.addHeader(field.getName(), field.getValue());
      }
    }
    if (!plan.transforms() && response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
      browser.setAttribute(LENGTH, response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH));
    }
    if (plan.transforms() && sendsBuffered) {
      answer.setBufferSize(GATHERED_BYTES);
    }
    if (plan.eventStream()) {
      flushHead(answer, response);
    }
  }

  /** An event stream is open once its head has come, which may be long before the first event. */
  private static void flushHead(HttpServletResponse answer, Response response) {
    try {
      answer.flushBuffer();
    } catch (IOException e) {
      response.abort(e);
    }
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
    return new LengthKeepingWriter(browser, response);
  }

  @Override
  protected void writeProxyResponseContent(ServletOutputStream output, ByteBuffer content)
      throws IOException {
    boolean more = sendsBuffered && content.remaining() > BULK_BYTES;
    write(output, content);
    // Without it an event waits until the container's buffer is full. Who sends much at a time is
    // about to send more, which then goes on in fewer and fuller records of TLS.
    if (!more && output.isReady()) {
      output.flush();
    }
  }

  private static void write(ServletOutputStream output, ByteBuffer content) throws IOException {
    if (content.hasArray()) {
      output.write(
          content.array(), content.arrayOffset() + content.position(), content.remaining());
    } else {
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      output.write(bytes);
    }
  }

  @Override
  protected void onProxyResponseFailure(
      HttpServletRequest browser,
      HttpServletResponse answer,
      @Nullable Response response,
      @Nullable Throwable failure) {
    Throwable thrown = failure == null ? new FailureException(Failure.BMC_PROTOCOL) : failure;
    fail(
        browser,
        answer,
        upstream(request(browser))
            .map(relay -> relay.failure(thrown))
            .orElseGet(() -> BmcFailures.of(thrown)));
  }

  @Override
  protected void onClientRequestFailure(
      HttpServletRequest browser, Request request, HttpServletResponse answer, Throwable failure) {
    request.abort(new FailureException(Failure.BAD_REQUEST));
  }

  static void fail(HttpServletRequest browser, HttpServletResponse answer, Failure failure) {
    answer(browser, answer, () -> FailurePages.send(browser, answer, failure));
  }

  /** Writes an answer of the gateway's own. */
  private interface Page {
    void send() throws IOException;
  }

  private static void answer(HttpServletRequest browser, HttpServletResponse answer, Page page) {
    if (!browser.isAsyncStarted()) {
      return;
    }
    AsyncContext async = browser.getAsyncContext();
    if (answer.isCommitted()) {
      breakOff(browser, answer, async);
      return;
    }
    try {
      page.send();
    } catch (IOException browserGone) {
      // Nobody is left to be told.
    } finally {
      async.complete();
    }
  }

  /** Completing would make a cut answer look whole. */
  private static void breakOff(
      HttpServletRequest browser, HttpServletResponse answer, AsyncContext async) {
    try {
      // Jetty's way to end the connection (or the HTTP/2 stream) with an error.
      answer.sendError(-1);
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

  private static BmcRequest request(HttpServletRequest browser) {
    return (BmcRequest) browser.getAttribute(BmcRequest.ATTRIBUTE);
  }

  /**
   * Hands a body that came all at once over to the container as a whole, which sends it with the
   * head. A write listener would cost another thread's turn and a write of its own.
   */
  private class AnswerListener extends ProxyResponseListener {
    private final HttpServletRequest browser;
    private final HttpServletResponse answer;

    AnswerListener(HttpServletRequest browser, HttpServletResponse answer) {
      super(browser, answer);
      this.browser = browser;
      this.answer = answer;
    }

    @Override
    public void onContent(Response response, Content.Chunk chunk, Runnable demander) {
      ByteBuffer content = chunk.getByteBuffer();
      boolean whole = Long.valueOf(content.remaining()).equals(browser.getAttribute(LENGTH));
      if (!whole || !sendsBuffered || content.remaining() > MAX_BUFFERED_BYTES) {
        super.onContent(response, chunk, demander);
        return;
      }
      try {
        buffer(response, content);
      } catch (IOException | RuntimeException e) {
        response.abort(e);
        return;
      }
      demander.run();
    }

    private void buffer(Response response, ByteBuffer content) throws IOException {
      List<ByteBuffer> pieces = new ArrayList<>();
      newServerResponseContentTransformer(browser, answer, response)
          .transform(content, /* finished= */ true, pieces);
      // It all fits, and the container knows of no length that is reached: else it would write at
      // once, and wait for a browser that takes nothing. It tells the length by itself.
      answer.setContentLengthLong(-1);
      answer.setBufferSize(pieces.stream().mapToInt(ByteBuffer::remaining).sum() + 1);
      for (ByteBuffer piece : pieces) {
        write(answer.getOutputStream(), piece);
      }
    }
  }

  /**
   * Reads the answer to its end although the browser has left: the BMC bears no broken exchange.
   */
  private final class DrainingListener extends AnswerListener {
    private final Turn turn;

    DrainingListener(HttpServletRequest browser, HttpServletResponse answer, Turn turn) {
      super(browser, answer);
      this.turn = turn;
    }

    @Override
    public void onBegin(Response response) {
      if (!turn.isUnwanted()) {
        super.onBegin(response);
      }
    }

    @Override
    public void onHeaders(Response response) {
      if (!turn.isUnwanted()) {
        super.onHeaders(response);
      }
    }

    @Override
    public void onContent(Response response, Content.Chunk chunk, Runnable demander) {
      if (turn.isUnwanted()) {
        demander.run();
      } else {
        DrainedResponse drained = new DrainedResponse(response, turn, demander);
        super.onContent(drained, chunk, drained::demand);
      }
    }

    @Override
    public void onSuccess(Response response) {
      if (!turn.isUnwanted()) {
        super.onSuccess(response);
      }
    }

    @Override
    public void onComplete(Result result) {
      if (turn.isUnwanted()) {
        failed(new EOFException("browser gone"));
      } else {
        super.onComplete(result);
      }
    }
  }

  /** Gives the answer the length that the BMC declared, where its bytes go on unchanged. */
  private final class LengthKeepingWriter extends ProxyWriter {
    private final HttpServletRequest browser;
    private boolean begun;

    LengthKeepingWriter(HttpServletRequest browser, Response response) {
      super(browser, response);
      this.browser = browser;
    }

    @Override
    protected Action process() throws Throwable {
      if (!begun) {
        begun = true;
        if (browser.getAttribute(LENGTH) instanceof Long length
            && browser.getAsyncContext().getResponse() instanceof HttpServletResponse answer
            && !answer.isCommitted()) {
          answer.setContentLengthLong(length);
        }
      }
      return super.process();
    }
  }

  /** A body that goes to the BMC with the length that the browser declared, never chunked. */
  private static final class KnownLengthContent extends AsyncRequestContent {
    private final long length;

    KnownLengthContent(long length) {
      this.length = length;
    }

    @Override
    public long getLength() {
      return length;
    }
  }
}
