package io.github.bmcgateway.proxy;

import jakarta.servlet.ServletOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;

/**
 * The pieces of an answer on their way to its browser, one at a time, and whether the container is
 * to tell when the present one is through. Once they have failed, so does every further one. Safe
 * for use by several threads; nobody is told anything under the lock.
 */
final class AnswerPieces {
  /** What is written, and who is told when it is through. */
  private record Piece(ByteBuffer content, Callback written) {}

  private final Queue<Piece> waiting = new ArrayDeque<>();
  private final AtomicBoolean awaited = new AtomicBoolean();
  private Optional<Piece> present = Optional.empty();
  private Optional<Throwable> failure = Optional.empty();

  /** Adds one; whether it is still to be written. */
  boolean offer(ByteBuffer content, Callback written) {
    Optional<Throwable> over;
    synchronized (this) {
      over = failure;
      if (over.isEmpty()) {
        waiting.add(new Piece(content, written));
      }
    }
    over.ifPresent(written::failed);
    return over.isEmpty();
  }

  /** Goes on to the next, if there is one; only when the one before is through. */
  synchronized Optional<ByteBuffer> next() {
    present = Optional.ofNullable(waiting.poll());
    return present.map(Piece::content);
  }

  /**
   * Whether what was written is through. If not, the container is going to tell, and that it may do
   * before this has returned. To be asked after each write, and never again once it wasn't.
   */
  boolean isThrough(ServletOutputStream output) {
    awaited.set(true);
    boolean through = output.isReady();
    if (through) {
      awaited.set(false);
    }
    return through;
  }

  /** The container tells that it can be written to: whether that is about the present one. */
  boolean isAwaited() {
    return awaited.getAndSet(false);
  }

  /** The present one is through. */
  void written() {
    Optional<Piece> through;
    synchronized (this) {
      through = present;
      present = Optional.empty();
    }
    through.ifPresent(piece -> piece.written().succeeded());
  }

  /** The browser can't be written to; whether there was a piece that was told so. */
  boolean fail(Throwable cause) {
    List<Piece> lost;
    synchronized (this) {
      failure = Optional.of(cause);
      lost = new ArrayList<>(waiting);
      present.ifPresent(piece -> lost.add(0, piece));
      waiting.clear();
      present = Optional.empty();
    }
    lost.forEach(piece -> piece.written().failed(cause));
    return !lost.isEmpty();
  }
}
