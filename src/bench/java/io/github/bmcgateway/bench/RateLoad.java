package io.github.bmcgateway.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Requests at a constant rate, whatever the answers take: one that finds no free connection waits,
 * and its wait counts. Times are taken from the millisecond in which a request was due. Every
 * answer has to be a 200 of the right length, or the run fails.
 */
final class RateLoad implements AutoCloseable {
  private static final int CONNECTIONS = 32;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final Loop loop;
  private final H2load.Work work;
  private final int perSecond;
  private final String lines;
  private final List<HttpConnection> connections = new ArrayList<>();
  private final Queue<Client> free = new ArrayDeque<>();
  private final Queue<Long> waiting = new ArrayDeque<>();
  private long[] nanos;
  private int answered;

  /** What was seen in a while. */
  record Sample(int answers, double p50Millis, double p99Millis) {}

  RateLoad(Loop loop, H2load.Work work, int perSecond) {
    this.loop = loop;
    this.work = work;
    this.perSecond = perSecond;
    this.lines = "Cookie: " + work.cookie() + "\r\n";
    this.nanos = new long[perSecond];
  }

  /** Connects. */
  void open() throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(
          HttpConnection.open(loop, HttpConnection.loopback(work.port()), new Client()));
    }
    loop.runUntil(() -> free.size() == CONNECTIONS, PATIENCE);
  }

  /** Sends for this time, and waits for what is under way then. */
  Sample run(long millis) throws IOException {
    answered = 0;
    long requests = millis * perSecond / 1000;
    long begun = System.nanoTime();
    for (long due = 0; due < requests; ) {
      long now = System.nanoTime();
      while (due < requests && now - begun >= due * 1_000_000_000L / perSecond) {
        waiting.add(now);
        due++;
      }
      send();
      loop.turn(1);
    }
    loop.runUntil(() -> answered == requests, PATIENCE);
    Arrays.sort(nanos, 0, answered);
    return new Sample(answered, nanos[answered / 2] / 1e6, nanos[(int) (answered * 0.99)] / 1e6);
  }

  private void send() throws IOException {
    while (!waiting.isEmpty() && !free.isEmpty()) {
      free.remove().send(waiting.remove());
    }
  }

  private void answered(long since) throws IOException {
    if (answered == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * answered);
    }
    nanos[answered++] = System.nanoTime() - since;
    send();
  }

  @Override
  public void close() throws IOException {
    for (HttpConnection connection : connections) {
      connection.close();
    }
  }

  private final class Client implements HttpConnection.Owner {
    private HttpConnection connection;
    private long since;

    void send(long due) throws IOException {
      since = due;
      connection.get(work.target(), lines);
    }

    @Override
    public void free(HttpConnection own, HttpConnection.Answer last) throws IOException {
      connection = own;
      free.add(this);
      if (last != HttpConnection.Answer.NONE) {
        check(last);
        answered(since);
      }
    }

    private void check(HttpConnection.Answer answer) throws IOException {
      if (answer.status() != 200 || answer.body().length != work.bytes()) {
        throw new IOException(
            work + ": status " + answer.status() + ", " + answer.body().length + " bytes");
      }
    }
  }
}
