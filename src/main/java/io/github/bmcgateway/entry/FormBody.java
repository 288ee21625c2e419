package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads one small form without holding a thread: whoever sends it slowly, or never to its end, only
 * holds his own connection, and not for long.
 */
final class FormBody implements ReadListener, AsyncListener {
  /** Longest form in bytes; a token is far shorter. */
  static final int MAX_BYTES = 16 * 1024;

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final long TIMEOUT_MILLIS = 10_000;

  /** Answers, given the form in its encoded shape; the stage ends with the answer. */
  @FunctionalInterface
  interface Answer {
    CompletionStage<?> to(String form) throws IOException;
  }

  private final AsyncContext async;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final ServletInputStream in;
  private final Answer answer;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final byte[] buffer = new byte[4096];
  private final AtomicBoolean answered = new AtomicBoolean();

  private FormBody(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    this.request = request;
    this.response = response;
    this.in = request.getInputStream();
    this.answer = answer;
    this.async = request.startAsync(request, response);
  }

  /** Reads the request's form, then answers: as told, or with the failure that it met. */
  static void read(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    read(request, response, answer, TIMEOUT_MILLIS);
  }

  static void read(
      HttpServletRequest request, HttpServletResponse response, Answer answer, long timeoutMillis)
      throws IOException {
    read(FORM, request, response, answer, timeoutMillis);
  }

  /** Reads a small JSON text as {@link #read} reads a form. */
  static void readJson(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    read(
        "application/json",
        request,
        response,
        bytes -> {
          byte[] text = bytes.getBytes(StandardCharsets.ISO_8859_1);
          return answer.to(new String(text, StandardCharsets.UTF_8));
        },
        TIMEOUT_MILLIS);
  }

  private static void read(
      String media,
      HttpServletRequest request,
      HttpServletResponse response,
      Answer answer,
      long timeoutMillis)
      throws IOException {
    String type = request.getContentType();
    if (type == null || !isMedia(type, media)) {
      FailurePages.send(request, response, Failure.BAD_REQUEST);
    } else if (request.getContentLengthLong() > MAX_BYTES) {
      FailurePages.send(request, response, Failure.TOO_LARGE);
    } else {
      FormBody form = new FormBody(request, response, answer);
      form.async.setTimeout(timeoutMillis);
      form.async.addListener(form);
      form.in.setReadListener(form);
    }
  }

  private static boolean isMedia(String type, String media) {
    return media.equals(type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT));
  }

  @Override
  public void onDataAvailable() throws IOException {
    while (in.isReady()) {
      int length = in.read(buffer);
      if (length < 0) {
        return;
      }
      body.write(buffer, 0, length);
      if (body.size() > MAX_BYTES) {
        finish(() -> fail(Failure.TOO_LARGE));
        return;
      }
    }
  }

  @Override
  public void onAllDataRead() throws IOException {
    finish(() -> answer.to(body.toString(StandardCharsets.ISO_8859_1)));
  }

  @Override
  public void onTimeout(AsyncEvent event) throws IOException {
    finish(() -> fail(Failure.BAD_REQUEST));
  }

  @Override
  public void onError(Throwable failure) {
    if (answered.compareAndSet(false, true)) {
      async.complete();
    }
  }

  @Override
  public void onError(AsyncEvent event) {
    onError(event.getThrowable());
  }

  @Override
  public void onComplete(AsyncEvent event) {
    answered.set(true);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Nothing starts it a second time.
  }

  private void finish(Step step) throws IOException {
    if (answered.compareAndSet(false, true)) {
      try {
        step.run().whenComplete((done, failure) -> async.complete());
      } catch (IOException | RuntimeException e) {
        async.complete();
        throw e;
      }
    }
  }

  private CompletionStage<?> fail(Failure failure) throws IOException {
    FailurePages.send(request, response, failure);
    return CompletableFuture.completedStage(null);
  }

  @FunctionalInterface
  private interface Step {
    CompletionStage<?> run() throws IOException;
  }
}
