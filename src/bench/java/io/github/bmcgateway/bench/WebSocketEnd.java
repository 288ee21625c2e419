package io.github.bmcgateway.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;

/** One end of a WebSocket: the other's half of the upgrade, then frames. */
abstract class WebSocketEnd extends TlsSocket {
  private ByteArrayOutputStream head = new ByteArrayOutputStream();
  private Frames frames;

  WebSocketEnd(Loop loop, SocketChannel channel, SSLEngine engine, int interest)
      throws IOException {
    super(loop, channel, engine, interest);
  }

  /** The head of the other's HTTP message has come; what to do with the frames that follow. */
  abstract Frames upgraded(String head) throws IOException;

  @Override
  final void received(ByteBuffer plain) throws IOException {
    while (frames == null && plain.hasRemaining()) {
      head.write(plain.get());
      String text = head.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        head = null;
        frames = upgraded(text);
      }
    }
    if (plain.hasRemaining()) {
      frames.read(plain);
    }
  }
}
