package io.github.bmcgateway.proxy;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Writes the body of an answer to the browser, in as few writes and records of TLS as it can
 * without holding back what somebody may wait for. Never blocks. Safe for use by several threads
 * once it knows the container.
 */
final class AnswerBody {
  private static final String LENGTH = AnswerBody.class.getName();
  private static final int MAX_BUFFERED_BYTES = 16 * 1024;

  /** What is larger Jetty writes at once, unless a larger buffer is asked for. */
  private static final int BULK_BYTES = 8 * 1024;

  /** Of a body without a length each write is a chunk of HTTP/1.1, with a frame of its own. */
  private static final int GATHERED_BYTES = 64 * 1024;

  private boolean sendsBuffered;

  /**
   * Takes note of the container. What it has buffered Jetty sends without holding a thread; others
   * don't.
   *
   * @param serverInfo what the container says of itself
   */
  void servedBy(String serverInfo) {
    sendsBuffered = serverInfo.toLowerCase(Locale.ROOT).contains("jetty");
  }

  /** Prepares for the body, whose head has come. */
  void expect(
      HttpServletRequest browser,
      HttpServletResponse answer,
      Response response,
      BodyPlan.Plan plan) {
    if (!plan.transforms() && response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
      browser.setAttribute(LENGTH, response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH));
    }
    if (plan.transforms() && sendsBuffered) {
      answer.setBufferSize(GATHERED_BYTES);
    }
  }

  /** Gives the answer the length that the BMC declared, where its bytes go on unchanged. */
  static void declareLength(HttpServletRequest browser) {
    if (browser.getAttribute(LENGTH) instanceof Long length
        && browser.getAsyncContext().getResponse() instanceof HttpServletResponse answer
        && !answer.isCommitted()) {
      answer.setContentLengthLong(length);
    }
  }

  /** Whether this is the whole body, and one for {@link #sendWhole}. */
  boolean isWhole(HttpServletRequest browser, ByteBuffer content) {
    return sendsBuffered
        && content.remaining() <= MAX_BUFFERED_BYTES
        && Long.valueOf(content.remaining()).equals(browser.getAttribute(LENGTH));
  }

  /**
   * Hands a body that came all at once over to the container, which sends it with the head. A write
   * listener would cost another thread's turn and a write of its own.
   */
  static void sendWhole(HttpServletResponse answer, List<ByteBuffer> pieces) throws IOException {
    // It all fits, and the container knows of no length that is reached: else it would write at
    // once, and wait for a browser that takes nothing. It tells the length by itself.
    answer.setContentLengthLong(-1);
    answer.setBufferSize(pieces.stream().mapToInt(ByteBuffer::remaining).sum() + 1);
    for (ByteBuffer piece : pieces) {
      write(answer.getOutputStream(), piece);
    }
  }

  /**
   * Sends the head alone, as a write listener does.
   *
   * @return whether that is through, as {@link AnswerPieces#isThrough} tells
   */
  static boolean sendHead(ServletOutputStream output, AnswerPieces pieces) throws IOException {
    if (!pieces.isThrough(output)) {
      return false;
    }
    output.flush();
    return pieces.isThrough(output);
  }

  /**
   * Writes a piece of a body that comes little by little.
   *
   * @return whether that is through, as {@link AnswerPieces#isThrough} tells
   */
  boolean send(ServletOutputStream output, ByteBuffer content, AnswerPieces pieces)
      throws IOException {
    boolean more = sendsBuffered && content.remaining() > BULK_BYTES;
    write(output, content);
    boolean through = pieces.isThrough(output);
    // Without it an event waits until the container's buffer is full. Who sends much at a time is
    // about to send more, which then goes on in fewer and fuller records of TLS.
    if (more || !through) {
      return through;
    }
    output.flush();
    return pieces.isThrough(output);
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
}
