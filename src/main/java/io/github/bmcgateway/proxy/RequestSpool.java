package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.client.PathRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Request bodies of unknown length. BMCs don't take chunked requests, so such a body is written to
 * a file first and goes out with its length; the file is deleted when the exchange is over. Reads
 * without blocking on the browser; safe for use by several threads.
 */
final class RequestSpool {
  private static final Logger LOG = LoggerFactory.getLogger(RequestSpool.class);
  private static final String SPOOLED = RequestSpool.class.getName();
  private static final int BUFFER_BYTES = 16 * 1024;

  private final AtomicLong space = new AtomicLong();

  /** Bytes of bodies that are on disk now. */
  long bytes() {
    return space.get();
  }

  /** Whether the request has a body of unknown length that isn't spooled yet. */
  boolean needed(HttpServletRequest browser) {
    return browser.getAttribute(SPOOLED) == null
        && browser.getContentLengthLong() < 0
        && (browser.getHeader("Transfer-Encoding") != null || isHttp2WithBody(browser));
  }

  /** HTTP/2 needs no header to tell that a body follows. */
  private static boolean isHttp2WithBody(HttpServletRequest browser) {
    String method = browser.getMethod();
    return browser.getProtocol().startsWith("HTTP/2")
        && !"GET".equals(method)
        && !"HEAD".equals(method);
  }

  /** Spools the body and dispatches the request anew, or answers that there is no room for it. */
  void receive(HttpServletRequest browser, HttpServletResponse answer, GatewayConfig.Proxy config)
      throws IOException {
    ServletInputStream in = browser.getInputStream();
    SpoolFile file;
    try {
      file = SpoolFile.create(config.spoolDir(), space, config.spoolTotalBytes());
    } catch (IOException e) {
      LOG.warn("A request body can't be spooled: {}", e.toString());
      FailurePages.send(browser, answer, Failure.SPOOL_FULL);
      return;
    }
    AsyncContext async = browser.startAsync();
    async.setTimeout(0);
    // One that is larger than all together may be could never pass.
    long longest = Math.min(config.spoolMaxBytes(), config.spoolTotalBytes());
    Reader reader = new Reader(async, in, file, longest);
    LiveSession session = ((BmcRequest) browser.getAttribute(BmcRequest.ATTRIBUTE)).session();
    Optional<Registration> registration = session.register(Kind.REQUEST, reader::end);
    if (registration.isEmpty()) {
      reader.refuse(Failure.EXPIRED_TOKEN);
      return;
    }
    reader.registration = registration.get();
    in.setReadListener(reader);
  }

  /** Gives the request the spooled body, if there is one. */
  void attachTo(Request request, HttpServletRequest browser) {
    if (!(browser.getAttribute(SPOOLED) instanceof SpoolFile file)) {
      return;
    }
    request.onComplete(result -> file.delete());
    try {
      if (file.length() > 0) {
        request.body(new PathRequestContent(null, file.path()));
      } else {
        request.onRequestBegin(
            begun -> begun.headers(headers -> headers.put(HttpHeader.CONTENT_LENGTH, 0)));
      }
    } catch (IOException e) {
      file.delete();
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the spooled body of a request that isn't going out. */
  void discard(HttpServletRequest browser) {
    if (browser.getAttribute(SPOOLED) instanceof SpoolFile file) {
      file.delete();
    }
  }

  private static final class Reader implements ReadListener {
    private final AsyncContext async;
    private final ServletInputStream in;
    private final SpoolFile file;
    private final long maxBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private boolean over;
    private Registration registration = () -> {};
    private volatile @Nullable End end;

    Reader(AsyncContext async, ServletInputStream in, SpoolFile file, long maxBytes) {
      this.async = async;
      this.in = in;
      this.file = file;
      this.maxBytes = maxBytes;
    }

    /** The session ended: what of the body is still to come isn't taken any more. */
    private void end(End reason) {
      end = reason;
    }

    @Override
    public void onDataAvailable() throws IOException {
      while (!over && in.isReady() && !in.isFinished()) {
        int read = in.read(buffer);
        End reason = end;
        if (reason != null) {
          refuse(Turn.failureOf(reason).failure());
          return;
        }
        if (read > 0) {
          if (file.length() + read > maxBytes) {
            refuse(Failure.TOO_LARGE);
            return;
          }
          if (!write(read)) {
            return;
          }
        }
      }
    }

    private boolean write(int bytes) {
      try {
        file.write(buffer, bytes);
        return true;
      } catch (IOException e) {
        noRoom(e);
        return false;
      }
    }

    private void noRoom(IOException why) {
      LOG.warn("A request body can't be spooled: {}", why.toString());
      refuse(Failure.SPOOL_FULL);
    }

    @Override
    public void onAllDataRead() {
      if (over) {
        return;
      }
      try {
        file.close();
      } catch (IOException e) {
        noRoom(e);
        return;
      }
      over = true;
      registration.close();
      RequestAudit.of(async.getRequest()).countIn(file.length());
      async.getRequest().setAttribute(SPOOLED, file);
      async.dispatch();
    }

    @Override
    public void onError(Throwable failure) {
      if (!over) {
        refuse(Failure.BAD_REQUEST);
      }
    }

    private void refuse(Failure failure) {
      over = true;
      registration.close();
      try {
        file.close();
        HttpServletResponse answer = (HttpServletResponse) async.getResponse();
        FailurePages.send((HttpServletRequest) async.getRequest(), answer, failure);
      } catch (IOException browserGone) {
        LOG.debug("The browser left before it was answered");
      } finally {
        file.delete();
        async.complete();
      }
    }
  }
}
