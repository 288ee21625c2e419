package io.github.bmcgateway.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.testing.Program;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A WebSocket implementation of others, as client or as server: npm's ws or python3-websockets, as
 * they are distributed. It is told what to do line by line and says what it saw.
 */
final class SocketPeer implements AutoCloseable {

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path WEBSOCKETS = Path.of("/usr/lib/python3/dist-packages/websockets");
  private static final Path NPM = Path.of("src", "test", "npm");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> EVENT = new TypeReference<>() {};

  /** The implementations. */
  enum Library {
    WS,
    PYTHON_WEBSOCKETS
  }

  /** One message: a block of bytes, so many times over, cut into fragments at the given offsets. */
  record Message(String kind, byte[] block, int times, List<Integer> cuts) {

    static Message text(String text, Integer... cuts) {
      return new Message("text", text.getBytes(StandardCharsets.UTF_8), 1, List.of(cuts));
    }

    static Message binary(byte[] bytes, Integer... cuts) {
      return new Message("binary", bytes, 1, List.of(cuts));
    }

    Message times(int number) {
      return new Message(kind, block, number, cuts);
    }

    /** What the other side says when it arrived unchanged. */
    Map<String, Object> arrived() {
      return event(
          "message",
          Map.of("kind", kind, "bytes", block.length * times, "sha256", sha256(block, times)));
    }

    private static String sha256(byte[] block, int times) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < times; i++) {
          digest.update(block);
        }
        return HexFormat.of().formatHex(digest.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
  }

  private final Program program;

  private SocketPeer(Program program) {
    this.program = program;
  }

  /** A client; its errors go to a file in the folder. */
  static SocketPeer client(Path folder, Library library) throws IOException, URISyntaxException {
    return start(folder, library, "connect");
  }

  /** A server on loopback with TLS; {@link #port} tells where. */
  static SocketPeer server(Path folder, Library library, Path certificate, Path key)
      throws IOException, URISyntaxException {
    return start(folder, library, "serve", certificate.toString(), key.toString());
  }

  private static SocketPeer start(Path folder, Library library, String... arguments)
      throws IOException, URISyntaxException {
    List<String> command = new ArrayList<>();
    if (library == Library.WS) {
      String node = Program.find("node", "nodejs");
      Program.require(NPM.resolve("node_modules/ws"), "ws", "npm ci --prefix " + NPM);
      command.addAll(List.of(node, NPM.resolve("ws-peer.mjs").toString()));
    } else {
      Program.require(WEBSOCKETS, "python3-websockets");
      Path script = Path.of(SocketPeer.class.getResource("/clients/peer.py").toURI());
      command.addAll(List.of(PYTHON.toString(), "-W", "ignore", script.toString()));
    }
    command.addAll(List.of(arguments));
    return new SocketPeer(Program.start(folder, command));
  }

  /** The port of a server that has just started. */
  int port() {
    return (int) next().get("port");
  }

  /** Drops the socket, if there is one, and forgets what was seen so far. */
  void reset() {
    tell("reset", Map.of());
    while (!next().get("event").equals("reset")) {
      continue;
    }
  }

  /** Opens a socket; {@link #next} tells what came of it. */
  void connect(String url, String cookie, List<String> protocols) {
    tell("connect", Map.of("url", url, "cookie", cookie, "protocols", protocols));
  }

  /** A server takes every upgrade from now on, and chooses no subprotocol. */
  void accept() {
    tell("answer", Map.of());
  }

  /** A server takes every upgrade from now on, and chooses this subprotocol. */
  void accept(String protocol) {
    tell("answer", Map.of("protocol", protocol));
  }

  /** A server refuses every upgrade from now on. */
  void refuse(int status) {
    tell("answer", Map.of("status", status));
  }

  void send(Message message) {
    tell("send", facts(message));
  }

  /** Sends a message with a ping after each of its fragments but the last. */
  void sendWithPings(Message message, String ping) {
    Map<String, Object> facts = facts(message);
    facts.put("ping", hex(ping));
    tell("send", facts);
  }

  void ping(String data) {
    tell("ping", Map.of("data", hex(data)));
  }

  /** What {@link #next} is when a ping was answered. */
  static Map<String, Object> pong(String data) {
    return event("pong", Map.of("data", hex(data)));
  }

  void close(int code, String reason) {
    tell("close", Map.of("code", code, "reason", reason));
  }

  /** Sends a close frame without a code; only ws can. */
  void closeWithoutCode() {
    tell("close", Map.of());
  }

  /** Ends the connection without a close frame. */
  void drop() {
    tell("drop", Map.of());
  }

  /** What it saw next: an event and its facts. */
  Map<String, Object> next() {
    String line = program.line();
    try {
      return JSON.readValue(line, EVENT);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  /** An event as {@link #next} gives it. */
  static Map<String, Object> event(String name, Map<String, Object> facts) {
    Map<String, Object> event = new LinkedHashMap<>(facts);
    event.put("event", name);
    return event;
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }

  private static Map<String, Object> facts(Message message) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", message.kind());
    facts.put("block", HexFormat.of().formatHex(message.block()));
    facts.put("times", message.times());
    facts.put("cuts", message.cuts());
    return facts;
  }

  private void tell(String what, Map<String, Object> facts) {
    Map<String, Object> command = new LinkedHashMap<>(facts);
    command.put("do", what);
    try {
      program.send(JSON.writeValueAsString(command));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
