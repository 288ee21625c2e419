package io.github.bmcgateway.rewrite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.util.BufferUtil;

/** Sends bodies through a transformer as the proxy does. */
final class Bodies {
  private Bodies() {}

  /** Through the transformer in chunks of one size; its last call ends the body. */
  static byte[] through(ContentTransformer transformer, byte[] body, int chunk) throws IOException {
    return through(transformer, body, at -> chunk, /* direct= */ false);
  }

  /**
   * @param chunk size of the chunk that begins at an index
   * @param direct whether the chunks lie outside the heap
   */
  static byte[] through(
      ContentTransformer transformer, byte[] body, IntUnaryOperator chunk, boolean direct)
      throws IOException {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    int at = 0;
    while (at < body.length) {
      int length = Math.min(chunk.applyAsInt(at), body.length - at);
      ByteBuffer input = buffer(body, at, length, direct);
      at += length;
      List<ByteBuffer> output = new ArrayList<>();
      transformer.transform(input, at == body.length, output);
      output.forEach(buffer -> result.writeBytes(BufferUtil.toArray(buffer)));
      scribble(input);
    }
    if (body.length == 0) {
      List<ByteBuffer> output = new ArrayList<>();
      transformer.transform(BufferUtil.EMPTY_BUFFER, true, output);
      output.forEach(buffer -> result.writeBytes(BufferUtil.toArray(buffer)));
    }
    return result.toByteArray();
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  static byte[] gunzip(byte[] coded) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(coded))) {
      return in.readAllBytes();
    }
  }

  /** Somewhere inside a larger buffer, as a chunk of an answer lies in the network's. */
  private static ByteBuffer buffer(byte[] body, int at, int length, boolean direct) {
    ByteBuffer around = direct ? ByteBuffer.allocateDirect(length + 5) : around(length + 5);
    around.position(3);
    around.put(body, at, length);
    return around.flip().position(3);
  }

  private static ByteBuffer around(int size) {
    return ByteBuffer.wrap(new byte[size + 2], 2, size).slice();
  }

  /** What the network does with a buffer once it was written. */
  private static void scribble(ByteBuffer input) {
    byte[] other = new byte[input.capacity()];
    Arrays.fill(other, (byte) '#');
    input.clear().put(other).clear();
  }
}
