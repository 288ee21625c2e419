package io.github.bmcgateway.dist;

import java.io.IOException;

/** A server in a process of its own with the gateway in it, on 127.0.0.1 with TLS. */
interface Server extends AutoCloseable {

  /** Starts it and waits until it answers. */
  void start() throws IOException, InterruptedException;

  /** A client of this server. */
  Browser browser();

  /** The running process. */
  ServerProcess process();

  @Override
  void close();
}
