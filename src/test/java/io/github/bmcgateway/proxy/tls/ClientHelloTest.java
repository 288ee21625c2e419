package io.github.bmcgateway.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.ops.Failure;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a BMC is told before anything is encrypted (RFC 8446, section 4.1.2). */
final class ClientHelloTest {
  private static final int SERVER_NAME = 0;
  private static final int SUPPORTED_GROUPS = 10;
  private static final int ALPN = 16;

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,https,false",
    "127.0.0.1,wss,false",
    "::1,https,false",
    "127.0.0.1,https,true",
    "::1,https,true",
  })
  void noNameAndNoChoiceOfProtocolsIsSent(String address, String scheme, boolean old)
      throws Exception {
    try (ServerSocket bmc = new ServerSocket(0, 5, InetAddress.getByName(address));
        BmcUnderTest gateway = old ? BmcUnderTest.legacy() : BmcUnderTest.strict()) {
      CompletableFuture<List<Integer>> extensions =
          CompletableFuture.supplyAsync(() -> extensions(bmc));
      String host = address.contains(":") ? "[" + address + "]" : address;
      assertEquals(
          Optional.of(Failure.BMC_TLS),
          gateway.get(scheme + "://" + host + ":" + bmc.getLocalPort() + "/"));
      assertTrue(extensions.join().contains(SUPPORTED_GROUPS), extensions.join().toString());
      assertFalse(extensions.join().contains(SERVER_NAME), extensions.join().toString());
      assertFalse(extensions.join().contains(ALPN), extensions.join().toString());
    }
  }

  /** The extensions of the hello that comes first; hangs up on it. */
  private static List<Integer> extensions(ServerSocket server) {
    try (Socket socket = server.accept()) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.skipNBytes(3);
      byte[] record = new byte[in.readUnsignedShort()];
      in.readFully(record);
      ByteBuffer hello = ByteBuffer.wrap(record);
      hello.position(4 + 2 + 32);
      hello.position(hello.get() + hello.position());
      hello.position(hello.getShort() + hello.position());
      hello.position(hello.get() + hello.position());
      hello.getShort();
      List<Integer> types = new ArrayList<>();
      while (hello.hasRemaining()) {
        types.add((int) hello.getShort());
        hello.position(hello.getShort() + hello.position());
      }
      return types;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
