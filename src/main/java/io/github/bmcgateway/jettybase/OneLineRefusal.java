package io.github.bmcgateway.jettybase;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.Container;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a start with settings that don't hold: with exit code 2 and a line for each on the standard
 * error, before anything listens. Left to itself, Jetty would go on without the web application.
 *
 * <p>The gateway checks its settings when it starts, and the connector's where it finds {@link
 * #CHECKED}. Then it is seen whether the connector can start.
 */
public final class OneLineRefusal implements LifeCycle.Listener, Container.InheritedListener {
  /**
   * Name of the context attribute in which a web application finds a {@link Consumer} of what is
   * wrong with its settings: a {@link List} of {@link String}, empty if nothing is. It returns if
   * the start may go on.
   */
  public static final String CHECKED = "io.github.bmcgateway.checked";

  private static final Logger LOG = LoggerFactory.getLogger(OneLineRefusal.class);
  private static final int BAD_SETTING = 2;

  private final Server server;
  private final Path certificate;
  private final Path key;
  private final DrainOnShutdown drain;

  private OneLineRefusal(Server server, Path certificate, Path key, DrainOnShutdown drain) {
    this.server = server;
    this.certificate = certificate;
    this.key = key;
    this.drain = drain;
  }

  /**
   * Lets the server start, or not, this way.
   *
   * @param certificate path of the connector's PEM chain
   * @param key path of its PEM key
   * @param drain what would stop the server when the process ends
   */
  public static void install(Server server, String certificate, String key, DrainOnShutdown drain) {
    // Else the port would be open while the settings are still being read.
    server.setOpenEarly(false);
    server.addEventListener(new OneLineRefusal(server, Path.of(certificate), Path.of(key), drain));
  }

  @Override
  public void lifeCycleStarting(LifeCycle starting) {
    if (starting instanceof ContextHandler context) {
      Consumer<List<String>> checked = this::endIfWrong;
      context.setAttribute(CHECKED, checked);
    }
  }

  @Override
  public void beanAdded(Container parent, Object child) {}

  @Override
  public void beanRemoved(Container parent, Object child) {}

  @Override
  public void lifeCycleStarted(LifeCycle started) {
    if (started instanceof ServerConnector connector) {
      LOG.info("listens at {} port {}", connector.getHost(), connector.getLocalPort());
    }
  }

  private void endIfWrong(List<String> problems) {
    if (problems.isEmpty()) {
      connectorProblem().ifPresent(problem -> end("bmc-gateway: " + problem));
    } else {
      StringBuilder text = new StringBuilder("configuration is refused:");
      problems.forEach(problem -> text.append(System.lineSeparator()).append("  ").append(problem));
      end(text.toString());
    }
  }

  private Optional<String> connectorProblem() {
    return Stream.of(server.getConnectors())
        .filter(ServerConnector.class::isInstance)
        .map(ServerConnector.class::cast)
        .flatMap(connector -> problem(connector).stream())
        .findFirst();
  }

  private Optional<String> problem(ServerConnector connector) {
    return StartCheck.problem(
        connector.getHost(), Integer.toString(connector.getPort()), certificate, key);
  }

  private void end(String text) {
    System.err.println(text);
    server.getDescendants(ContextHandler.class).stream()
        .map(ContextHandler::getTempDirectory)
        .forEach(IO::delete);
    // A stop would wait for the end of this start.
    drain.cancel();
    System.exit(BAD_SETTING);
  }
}
