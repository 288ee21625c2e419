package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that is gone without a word: how each side finds out. */
@ParameterizedClass
@EnumSource(WebSocketApi.class)
class VanishedNetworkTest {
  @Parameter WebSocketApi api;
  private final List<Connection> toBmc = new CopyOnWriteArrayList<>();
  private FakeBmc bmc;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = new FakeBmc();
    gateway = new Gateway(bmc.port(), Gateway.PINGING, Set.of(api));
    gateway.client.addBean(
        new Connection.Listener() {
          @Override
          public void onOpened(Connection connection) {
            toBmc.add(connection);
          }
        });
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @Test
  void aBrowserBehindANetworkThatVanishedIsLetGoAndItsBmcToo() throws Exception {
    try (StoppableRelay network = new StoppableRelay(gateway.port());
        Wire browser = Wire.connect(network.port())) {
      browser.write(Wire.upgrade("/kvm")).readHead();
      Wire there = bmc.nextConsole();
      browser.text("hello");
      assertEquals("hello", there.readFrame().text());

      network.stop();

      assertTrue(there.isEnded());
      Eventually.holds("the browser's connection is dropped", network::isReleased);
      Eventually.holds("the session has no work", () -> gateway.session.running() == 0);
    }
  }

  /** The kernel then probes, by itself, what is silent, and gives up after 25 + 3 · 10 s. */
  @Test
  void theKernelWatchesTheConnectionToTheBmc() throws Exception {
    try (Wire browser = gateway.open("/kvm")) {
      browser.text("hello");
      assertEquals("hello", bmc.nextConsole().readFrame().text());
      SocketChannel channel = channel(toBmc.get(0).getEndPoint());
      assertTrue(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
      assertEquals(25, channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
      assertEquals(10, channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL));
      assertEquals(3, channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT));
    }
  }

  private static SocketChannel channel(EndPoint endPoint) {
    EndPoint inner = endPoint;
    while (inner instanceof EndPoint.Wrapper wrapper) {
      inner = wrapper.unwrap();
    }
    return (SocketChannel) inner.getTransport();
  }
}
