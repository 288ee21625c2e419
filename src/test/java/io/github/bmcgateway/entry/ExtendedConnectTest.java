package io.github.bmcgateway.entry;

import static io.github.bmcgateway.entry.EntryFixture.token;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Tls;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * In a container that advertises RFC 8441, a browser opens its sockets with an extended CONNECT.
 */
class ExtendedConnectTest {
  private EntryFixture gateway;
  private HTTP2Client client;
  private Session session;

  @BeforeEach
  void start() throws Exception {
    gateway = new EntryFixture();
    gateway.advertiseExtendedConnect();
    SslContextFactory.Client tls = new SslContextFactory.Client(/* trustAll= */ true);
    client = new HTTP2Client();
    client.addBean(tls);
    client.start();
    Promise.Completable<Session> connected = new Promise.Completable<>();
    client.connect(
        tls,
        new InetSocketAddress("127.0.0.1", gateway.port()),
        new Session.Listener() {},
        connected);
    session = connected.get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    client.stop();
    gateway.close();
  }

  @Test
  void itIsAnUpgradeLikeAnyOther() throws Exception {
    String cookie = "pm-session=" + token("10.0.0.5").build();
    String self = "https://localhost:" + gateway.port();
    assertEquals(200, connect("/kvm/0?x", cookie, self));
    assertEquals("/kvm/0?x", gateway.arrived.remove().target());
    assertEquals(403, connect("/kvm/0", cookie, "https://evil.example"));
    assertEquals(401, connect("/kvm/0", "a=b", self));
    assertEquals(400, connect("//gpsession", cookie, self));
    assertTrue(gateway.arrived.isEmpty());
  }

  @Test
  void aScopePermitsItAsSocketOnly() throws Exception {
    String pages = scoped("GET,POST /**");
    String socket = scoped("SOCKET /kvm/*");
    String self = "https://localhost:" + gateway.port();
    assertEquals(403, connect("/kvm/0", pages, self));
    assertEquals(403, connect("/other", socket, self));
    assertEquals(400, connect("/kvm/%2e%2e", socket, self));
    assertTrue(gateway.arrived.isEmpty());
    assertEquals(200, connect("/kvm/0", socket, self));
  }

  private static String scoped(String rule) {
    return "pm-session=" + token("10.0.0.5").claim("scope", List.of(rule)).build();
  }

  @Test
  void aPlainTunnelIsRefused() throws Exception {
    MetaData.Request request =
        new MetaData.Request(
            "CONNECT",
            HttpURI.build().authority("localhost:443"),
            HttpVersion.HTTP_2,
            HttpFields.build().put("Cookie", "pm-session=" + token("10.0.0.5").build()));
    // It has no path, so Jetty finds no web application for it.
    assertEquals(404, status(request));
    assertTrue(gateway.arrived.isEmpty());
  }

  /** No client lets one do this: frames of RFC 9113 by hand, literals of RFC 7541 in them. */
  @Test
  void aTunnelWithAPathIsRefusedBeforeAnythingReadsItsBody() throws Exception {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (String line :
        List.of(
            ":method CONNECT",
            ":scheme https",
            ":authority localhost:" + gateway.port(),
            ":path /redfish/v1/x?y",
            "cookie pm-session=" + token("10.0.0.5").build())) {
      int blank = line.indexOf(' ');
      head.write(0);
      literal(head, line.substring(0, blank));
      literal(head, line.substring(blank + 1));
    }
    try (SSLSocket socket =
        (SSLSocket)
            Tls.trustingAny().getSocketFactory().createSocket("127.0.0.1", gateway.port())) {
      socket.setSoTimeout(10_000);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      frame(out, /* SETTINGS */ 4, 0, 0, new byte[0]);
      frame(out, /* HEADERS */ 1, /* END_STREAM, END_HEADERS */ 5, 1, head.toByteArray());
      assertEquals("405", status(new DataInputStream(socket.getInputStream())));
    }
    assertTrue(gateway.arrived.isEmpty());
  }

  private static void literal(ByteArrayOutputStream to, String text) {
    int length = text.length();
    to.write(Math.min(length, 127));
    if (length >= 127) {
      int rest = length - 127;
      while (rest >= 128) {
        to.write(rest % 128 + 128);
        rest /= 128;
      }
      to.write(rest);
    }
    to.writeBytes(text.getBytes(US_ASCII));
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  /** The status of the first answer. */
  private static String status(DataInputStream in) throws Exception {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.readNBytes(5);
      byte[] payload = in.readNBytes(length);
      if (type == 1) {
        MetaData answer =
            new HpackDecoder(8192, () -> System.nanoTime()).decode(ByteBuffer.wrap(payload));
        return Integer.toString(((MetaData.Response) answer).getStatus());
      }
    }
  }

  private int connect(String path, String cookie, String origin) throws Exception {
    return status(
        new MetaData.ConnectRequest(
            HttpScheme.HTTPS,
            new HostPortHttpField("localhost:" + gateway.port()),
            path,
            HttpFields.build()
                .put("Cookie", cookie)
                .put("Origin", origin)
                .put("Sec-WebSocket-Version", "13"),
            "websocket"));
  }

  private int status(MetaData.Request request) throws Exception {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    session.newStream(
        new HeadersFrame(request, null, /* endStream= */ false),
        new Promise.Completable<>(),
        new Stream.Listener() {
          @Override
          public void onHeaders(Stream stream, HeadersFrame frame) {
            status.complete(((MetaData.Response) frame.getMetaData()).getStatus());
          }
        });
    return status.get(10, TimeUnit.SECONDS);
  }
}
