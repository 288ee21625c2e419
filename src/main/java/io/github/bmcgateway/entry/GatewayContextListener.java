package io.github.bmcgateway.entry;

import jakarta.servlet.ServletContextListener;

/** The composition root: builds the gateway when the container starts the web application. */
public final class GatewayContextListener implements ServletContextListener {}
