package io.github.bmcgateway.jettybase;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;

/**
 * Ends the process in order. Left to itself, Jetty closes the listening sockets and all consoles as
 * soon as the signal comes; here the web applications drain first, and the server stops when they
 * have.
 */
public final class DrainOnShutdown extends Thread {
  /**
   * Name of the context attribute in which a web application leaves a {@link Runnable} that drains
   * it and returns when it has.
   */
  public static final String DRAIN = "io.github.bmcgateway.drain";

  private final Server server;
  private volatile boolean isCancelled;

  private DrainOnShutdown(Server server) {
    super("bmc-gateway-shutdown");
    this.server = server;
  }

  /** Lets the server stop this way when the process is told to end. */
  public static DrainOnShutdown install(Server server) {
    DrainOnShutdown drain = new DrainOnShutdown(server);
    server.setStopAtShutdown(false);
    Runtime.getRuntime().addShutdownHook(drain);
    return drain;
  }

  /** Lets the process end without a stop of the server. */
  void cancel() {
    isCancelled = true;
  }

  @Override
  public void run() {
    if (isCancelled) {
      return;
    }
    for (ContextHandler context : server.getDescendants(ContextHandler.class)) {
      if (context.getContext().getAttribute(DRAIN) instanceof Runnable drain) {
        drain.run();
      }
    }
    try {
      server.stop();
    } catch (Exception e) {
      // The process ends anyway; what couldn't be stopped ends with it.
      getUncaughtExceptionHandler().uncaughtException(this, e);
    }
  }
}
