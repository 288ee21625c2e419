package io.github.bmcgateway.console;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the kernel find out that a silent BMC is gone: a BMC is never pinged, because some firmware
 * (AMI, iLO) drops a console over a ping. What isn't answered for 55 s is lost.
 */
final class TcpKeepAlive {
  private static final Logger LOG = LoggerFactory.getLogger(TcpKeepAlive.class);
  private static final int IDLE_SECONDS = 25;
  private static final int INTERVAL_SECONDS = 10;
  private static final int PROBES = 3;

  private TcpKeepAlive() {}

  /** Turns it on, with the intervals as far as the platform has them. */
  static void enable(EndPoint endPoint) {
    EndPoint inner = endPoint;
    while (inner instanceof EndPoint.Wrapper wrapper) {
      inner = wrapper.unwrap();
    }
    if (inner.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
        set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
        set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
      } catch (IOException e) {
        LOG.debug("no TCP keep-alive", e);
      }
    }
  }

  private static void set(SocketChannel channel, SocketOption<Integer> option, int value)
      throws IOException {
    if (channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }
}
