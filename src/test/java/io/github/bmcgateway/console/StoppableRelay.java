package io.github.bmcgateway.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network that can vanish: relays TCP until it is told to stop, and from then on swallows what
 * comes and says nothing, no end either.
 */
public final class StoppableRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final int to;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Socket> upstream = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  /** Relays to a port on loopback. */
  public StoppableRelay(int to) throws IOException {
    this.to = to;
    listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    start(this::acceptAll);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public void stop() {
    stopped = true;
  }

  /** Whether whom it relayed to has ended every connection. */
  public boolean isReleased() {
    return upstream.stream().allMatch(Socket::isInputShutdown);
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket from = listener.accept();
        Socket onward = new Socket("127.0.0.1", to);
        sockets.add(from);
        sockets.add(onward);
        upstream.add(onward);
        start(() -> pump(from, onward));
        start(() -> pump(onward, from));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void pump(Socket from, Socket onward) {
    byte[] buffer = new byte[16 * 1024];
    try {
      int read = from.getInputStream().read(buffer);
      while (read >= 0) {
        if (!stopped) {
          onward.getOutputStream().write(buffer, 0, read);
        }
        read = from.getInputStream().read(buffer);
      }
    } catch (IOException reset) {
      // An end as well.
    }
    end(from, onward);
  }

  private void end(Socket from, Socket onward) {
    try {
      from.shutdownInput();
      if (!stopped) {
        onward.shutdownOutput();
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
