package io.github.bmcgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that the kernel gives to nobody else, and at which nobody listens until a test has a
 * server do so. Thread-safe.
 *
 * <p>A port that was free a moment ago may be anybody's, such as that of a test in the other JVM.
 */
public final class ReservedPort implements AutoCloseable {
  private final Socket held = new Socket();

  public ReservedPort() throws IOException {
    // Bound and not listening: who dials is refused. Servers listen there all the same, for they
    // set this option, too.
    held.setReuseAddress(true);
    held.bind(new InetSocketAddress(0));
  }

  public int port() {
    return held.getLocalPort();
  }

  @Override
  public void close() {
    try {
      held.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
