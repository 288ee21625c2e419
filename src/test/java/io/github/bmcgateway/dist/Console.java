package io.github.bmcgateway.dist;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser's end of an iDRAC9 console. Thread-safe. */
final class Console implements WebSocket.Listener {

  private static final int PATIENCE_SECONDS = 30;
  private static final Pattern FIRST_KEY = Pattern.compile("VCSID=(\\d+)");
  private static final Pattern SECOND_KEY = Pattern.compile("VCSID2=(\\d+)");

  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
  private final String secondKey;
  private volatile WebSocket socket;

  private Console(String secondKey) {
    this.secondKey = secondKey;
  }

  /** Opens the console that a ticket is for. */
  static Console open(Browser browser, String cookies, String ticket) {
    Console console = new Console(key(SECOND_KEY, ticket));
    console.socket = browser.open("/vnc/vconsole?vck=" + key(FIRST_KEY, ticket), cookies, console);
    return console;
  }

  private static String key(Pattern pattern, String ticket) {
    Matcher key = pattern.matcher(ticket);
    if (!key.find()) {
      throw new AssertionError("no console ticket: " + ticket);
    }
    return key.group(1);
  }

  /** The socket, for sending. */
  WebSocket socket() {
    return socket;
  }

  /** Shows the BMC the second key of the ticket. */
  void answerChallenge() {
    ByteBuffer answer = ByteBuffer.allocate(34);
    answer.put((byte) 0xF7).put((byte) 0xB3).put(secondKey.getBytes(StandardCharsets.US_ASCII));
    socket.sendBinary(answer.rewind(), /* last= */ true).join();
  }

  /** The next message. */
  byte[] receive() throws InterruptedException {
    byte[] message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message came; closed: " + closed);
    }
    return message;
  }

  /** Whether the socket was closed. */
  boolean isClosed() {
    return closed.isDone();
  }

  /** The code that the socket was closed with. */
  int awaitClose() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    parts.writeBytes(part);
    if (last) {
      messages.add(parts.toByteArray());
      parts.reset();
    }
    from.request(1);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }
}
