package io.github.bmcgateway.dist;

/** What a container offers to serve WebSockets with. */
enum WebSocketApi {
  JETTY("org.eclipse.jetty.websocket.api.WebSocketContainer"),
  JAKARTA_ON_JETTY("jakarta.websocket.server.ServerContainer"),
  TOMCAT("jakarta.websocket.server.ServerContainer");

  private final String attribute;

  WebSocketApi(String attribute) {
    this.attribute = attribute;
  }

  /** Under which name the container has it. */
  String attribute() {
    return attribute;
  }
}
