package io.github.bmcgateway.dist;

import java.io.IOException;
import java.security.KeyStore;

/** A server in a process of its own with the gateway in it, on 127.0.0.1 with TLS. */
interface Server extends AutoCloseable {

  /** Starts it and waits until it answers. */
  void start() throws IOException, InterruptedException;

  /** A client of this server. */
  Browser browser();

  /** Puts another pair of certificate and key in the place of the server's own. */
  void renew(KeyStore pair) throws Exception;

  /** The running process. */
  ServerProcess process();

  @Override
  void close();
}
