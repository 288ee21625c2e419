package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.ops.Failure;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the gateway with the web application and stops it with it. Settings that don't hold stop
 * the start; each is logged in one line.
 */
public final class GatewayContextListener implements ServletContextListener {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayContextListener.class);

  /** Where the Jetty base leaves what wants to know which settings are wrong. */
  private static final String CHECKED = "io.github.bmcgateway.checked";

  private final Clock clock;
  private @Nullable Gateway gateway;

  /** For the container. */
  public GatewayContextListener() {
    this(Clock.systemUTC());
  }

  /**
   * @param clock tells when tokens expire
   */
  public GatewayContextListener(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    if (!context.getContextPath().isEmpty()) {
      LOG.error("Deployed at {}. {}", context.getContextPath(), Failure.NOT_ROOT.message());
    }
    // There are no sessions of the container's, and no cookie is read as if there were.
    context.setSessionTrackingModes(Set.of());
    gateway = start(context);
    gateway.mount(context);
  }

  private Gateway start(ServletContext context) {
    Optional<Consumer<List<String>>> jettyBase = jettyBase(context);
    try {
      return Gateway.start(
          new SettingsFiles(
              ConfigLoader.system(name -> Optional.ofNullable(context.getInitParameter(name))),
              jettyBase),
          clock);
    } catch (RefusedSettingsException e) {
      jettyBase.ifPresent(base -> base.accept(e.problems()));
      e.problems().forEach(LOG::error);
    }
    throw new IllegalStateException("the gateway does not start with these settings");
  }

  @SuppressWarnings("unchecked") // as the Jetty base says of the attribute
  private static Optional<Consumer<List<String>>> jettyBase(ServletContext context) {
    return Optional.ofNullable((Consumer<List<String>>) context.getAttribute(CHECKED));
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    if (gateway != null) {
      gateway.close();
    }
  }
}
