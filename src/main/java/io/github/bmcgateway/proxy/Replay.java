package io.github.bmcgateway.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.ResponseListeners;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request once more, on a new connection, when the kept one that it went out on dies before
 * the first byte of an answer: a BMC that closes what it thinks unused can't know that a request is
 * on its way. Only requests that change nothing, and each once. To all who listen to the request
 * both are one exchange. Safe for use by several threads.
 */
final class Replay {
  /** Request attribute: a {@link BooleanSupplier} that tells whether anybody waits any more. */
  static final String WANTED = Replay.class.getName() + ".wanted";

  /** Those that change nothing (RFC 9110, section 9.2.1). */
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final Runnable told;

  /**
   * @param told is told of each request that is sent once more
   */
  Replay(Runnable told) {
    this.told = told;
  }

  /** Whether a request may be sent once more, as far as it goes by what it asks for. */
  static boolean isPossible(HttpRequest request) {
    return METHODS.contains(request.getMethod())
        && request.getBody() == null
        && !request.getAttributes().containsKey(HttpUpgrader.Factory.class.getName());
  }

  /** Whether it is the second attempt. */
  static boolean isSecond(HttpRequest request) {
    return request instanceof RawTargetRequest raw && raw.isSecond();
  }

  /**
   * Watches an exchange that is about to go out on a kept connection.
   *
   * @param silent whether nothing of an answer has come
   */
  void watch(HttpExchange exchange, BooleanSupplier silent) {
    if (exchange.getRequest() instanceof RawTargetRequest first && isPossible(first)) {
      // The client puts the request's own listeners back when an answer begins.
      exchange
          .getConversation()
          .updateResponseListeners(new Attempt(exchange.getConversation(), first, silent));
    }
  }

  /** Whether it says that the connection broke, and not that somebody broke the exchange off. */
  private static boolean isDeath(@Nullable Throwable failure) {
    return failure instanceof EOFException
        || failure instanceof ClosedChannelException
        || failure instanceof SocketException
        // What the JDK's channels throw for a reset.
        || (failure != null && failure.getClass() == IOException.class);
  }

  /**
   * The first attempt, of which nobody else hears before it is known whether it is the only one.
   */
  private final class Attempt implements Response.Listener {
    private final HttpConversation conversation;
    private final RawTargetRequest first;
    private final BooleanSupplier silent;

    Attempt(HttpConversation conversation, RawTargetRequest first, BooleanSupplier silent) {
      this.conversation = conversation;
      this.first = first;
      this.silent = silent;
    }

    @Override
    public void onComplete(Result result) {
      if (isDeath(result.getFailure()) && silent.getAsBoolean() && isWanted()) {
        sendAgain(result);
      } else {
        tell(result);
      }
    }

    private boolean isWanted() {
      boolean waits =
          !(first.getAttributes().get(WANTED) instanceof BooleanSupplier wanted)
              || wanted.getAsBoolean();
      return waits
          && first.getHttpClient().isRunning()
          && (first.getTimeout() <= 0 || remainingMillis() > 0);
    }

    private long remainingMillis() {
      return NanoTime.millisUntil(first.getTimeoutNanoTime());
    }

    private void sendAgain(Result result) {
      RawTargetRequest second = first.again();
      Throwable stopped = first.getAbortCause();
      if (stopped != null && !isDeath(stopped)) {
        // From before it would have been passed on to the second one.
        tell(new Result(first, stopped, result.getResponse(), stopped));
        return;
      }
      if (first.getTimeout() > 0) {
        second.timeout(remainingMillis(), TimeUnit.MILLISECONDS);
      }
      told.run();
      second.send(
          over -> {
            if (!conversation.contains(second)) {
              // It didn't get so far that the first one's listeners would be told, too.
              tell(over);
            }
          });
    }

    private void tell(Result result) {
      conversation.updateResponseListeners(null);
      ResponseListeners listeners = first.getResponseListeners();
      listeners.notifyFailure(result.getResponse(), result.getFailure());
      listeners.notifyComplete(result);
    }
  }
}
