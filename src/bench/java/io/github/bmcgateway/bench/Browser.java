package io.github.bmcgateway.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Loads the files of pages by six connections, which stay open, as browsers do with HTTP/1.1: a file
 * is asked for on whichever connection stands and is free. Keeps what has an ETag and asks next time
 * whether that still holds.
 */
final class Browser implements AutoCloseable {
  private static final int CONNECTIONS = 6;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final Loop loop;
  private final InetSocketAddress server;
  private final String cookie;
  private final UnaryOperator<String> expected;
  private final List<HttpConnection> connections = new ArrayList<>();
  private final Queue<Tab> idle = new ArrayDeque<>();
  private final Queue<String> wanted = new ArrayDeque<>();
  private final Map<String, String> tags = new HashMap<>();
  private int awaited;

  /**
   * @param cookie the session cookie
   * @param expected the body that has to come for a target
   */
  Browser(Loop loop, InetSocketAddress server, String cookie, UnaryOperator<String> expected) {
    this.loop = loop;
    this.server = server;
    this.cookie = cookie;
    this.expected = expected;
  }

  /** Loads all of them. Returns how long it took, in milliseconds. */
  double visit(List<String> targets) throws IOException {
    long begun = System.nanoTime();
    ask(targets);
    loop.runUntil(() -> awaited == 0, PATIENCE);
    return (System.nanoTime() - begun) / 1e6;
  }

  /** Asks for all of them, and doesn't wait. */
  void ask(List<String> targets) throws IOException {
    awaited += targets.size();
    wanted.addAll(targets);
    while (connections.size() < CONNECTIONS) {
      connections.add(HttpConnection.open(loop, server, new Tab()));
    }
    while (!idle.isEmpty() && !wanted.isEmpty()) {
      idle.remove().next();
    }
  }

  @Override
  public void close() throws IOException {
    for (HttpConnection connection : connections) {
      connection.close();
    }
  }

  /** What one connection is at. */
  private final class Tab implements HttpConnection.Owner {
    private HttpConnection connection;
    private String target;

    @Override
    public void free(HttpConnection own, HttpConnection.Answer last) throws IOException {
      connection = own;
      if (last != HttpConnection.Answer.NONE) {
        take(last);
      }
      next();
    }

    void next() throws IOException {
      target = wanted.poll();
      if (target == null) {
        idle.add(this);
        return;
      }
      String tag = tags.get(target);
      String condition = tag == null ? "" : "If-None-Match: " + tag + "\r\n";
      connection.get(target, "Cookie: " + cookie + "\r\n" + condition);
    }

    private void take(HttpConnection.Answer answer) throws IOException {
      String body = new String(answer.body(), StandardCharsets.ISO_8859_1);
      boolean kept = answer.status() == 304 && tags.containsKey(target);
      if (!kept && !(answer.status() == 200 && body.equals(expected.apply(target)))) {
        throw new IOException(target + ": status " + answer.status() + ", " + body);
      }
      String tag = answer.headers().get(HttpHeader.ETAG);
      if (tag != null) {
        tags.put(target, tag);
      }
      awaited--;
    }

    /** The BMC, or the gateway, may close what is idle. */
    @Override
    public void lost(HttpConnection own, IOException cause) throws IOException {
      if (target != null || !idle.remove(this)) {
        throw cause;
      }
      connections.remove(own);
    }
  }
}
