package io.github.bmcgateway.console;

import jakarta.servlet.ServletContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the WebSocket API that the container offers: Jetty's own, which shows frames as they are,
 * else {@code jakarta.websocket}. The adapters are loaded by name, since each links to an API that
 * another container lacks.
 */
final class ContainerApis {
  /** What a container would have to offer, in an operator's words. */
  static final String MISSING =
      "the container's WebSocket module (Jetty: ee10-websocket-jetty or ee10-websocket-jakarta)";

  private static final Logger LOG = LoggerFactory.getLogger(ContainerApis.class);
  private static final String PACKAGE = "io.github.bmcgateway.console.";

  /** Context attributes under which the APIs are found. */
  private static final String JETTY = "org.eclipse.jetty.websocket.api.WebSocketContainer";

  private static final String JAKARTA = "jakarta.websocket.server.ServerContainer";

  private ContainerApis() {}

  /**
   * The best API of the container.
   *
   * @param sender for an API that only has blocking calls
   */
  static Optional<Browsers> find(ServletContext context, Sender sender) {
    return jetty(context).or(() -> jakarta(context, sender));
  }

  private static Optional<Browsers> jetty(ServletContext context) {
    return adapter(
        context,
        JETTY,
        "JettyBrowsers",
        new Class<?>[] {ServletContext.class},
        new Object[] {context});
  }

  private static Optional<Browsers> jakarta(ServletContext context, Sender sender) {
    return adapter(
        context,
        JAKARTA,
        "JakartaBrowsers",
        new Class<?>[] {ServletContext.class, Sender.class},
        new Object[] {context, sender});
  }

  private static Optional<Browsers> adapter(
      ServletContext context, String attribute, String name, Class<?>[] types, Object[] arguments) {
    if (context.getAttribute(attribute) == null) {
      return Optional.empty();
    }
    try {
      Browsers browsers =
          Class.forName(PACKAGE + name)
              .asSubclass(Browsers.class)
              .getDeclaredConstructor(types)
              .newInstance(arguments);
      LOG.info("Consoles by {}", attribute);
      return Optional.of(browsers);
    } catch (ReflectiveOperationException | LinkageError e) {
      // Such as the same API of another EE version.
      LOG.warn("{} is of no use here: {}", attribute, e.toString());
      return Optional.empty();
    }
  }
}
