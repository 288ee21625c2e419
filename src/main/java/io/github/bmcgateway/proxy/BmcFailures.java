package io.github.bmcgateway.proxy;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.rewrite.TransformException;
import java.net.SocketTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/** What went wrong on the way to a BMC, in the words of the one table of failures. */
public final class BmcFailures {
  private static final int MAX_DEPTH = 8;

  private BmcFailures() {}

  /** The failure that the exception, or the first telling one among its causes, stands for. */
  public static Failure of(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      Failure failure = known(cause);
      if (failure != null) {
        return failure;
      }
      cause = cause.getCause();
    }
    return Failure.BMC_UNREACHABLE;
  }

  private static @Nullable Failure known(Throwable cause) {
    if (cause instanceof FailureException own) {
      return own.failure();
    }
    if (cause instanceof DialRefusedException) {
      return Failure.TARGET_DENIED;
    }
    if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
      return Failure.BMC_TIMEOUT;
    }
    if (cause instanceof RejectedExecutionException) {
      return Failure.BUSY;
    }
    if (cause instanceof SSLException) {
      return Failure.BMC_TLS;
    }
    return cause instanceof HttpResponseException
            || cause instanceof HttpException
            || cause instanceof TransformException
        ? Failure.BMC_PROTOCOL
        : null;
  }
}
