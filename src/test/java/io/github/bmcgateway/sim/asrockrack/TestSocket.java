package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** A WebSocket client that writes just the bytes it is told. Not thread-safe. */
final class TestSocket implements AutoCloseable {

  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final Ivtp.Stream packets = new Ivtp.Stream();
  private final List<Ivtp.Packet> received = new ArrayList<>();
  private int largestMessage;

  TestSocket(int port) throws IOException {
    socket = TestCertificates.trustEverything().getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(15_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Sends a head; {@code \n} in it is sent as CR LF. Returns the head of the answer. */
  String handshake(String head) throws IOException {
    out.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return answer.toString();
      }
      answer.append((char) next);
    }
    return answer.toString();
  }

  void send(byte[] frame) throws IOException {
    out.write(frame);
    out.flush();
  }

  void sendBinary(byte[] payload) throws IOException {
    send(Frame.ofClient(0x80 | Frame.BINARY, payload));
  }

  /** The payload of the next frame. */
  byte[] message() throws IOException {
    Frame.Head head = Frame.readHead(in);
    byte[] payload = Frame.readPayload(in, head);
    largestMessage = Math.max(largestMessage, payload.length);
    return payload;
  }

  /** The next console packet with that command; earlier ones are dropped. */
  Ivtp.Packet packet(int command) throws IOException {
    while (true) {
      Optional<Ivtp.Packet> found =
          received.stream().filter(packet -> packet.command() == command).findFirst();
      if (found.isPresent()) {
        received.subList(0, received.indexOf(found.get()) + 1).clear();
        return found.get();
      }
      received.clear();
      received.addAll(packets.add(message()).orElseThrow());
    }
  }

  int largestMessage() {
    return largestMessage;
  }

  /** Next bytes as they come. */
  byte[] raw(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Everything up to the end of the connection, whether it is orderly or not. */
  byte[] rest() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (EOFException | SocketException | SSLException e) {
      return rest.toByteArray();
    }
    return rest.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
