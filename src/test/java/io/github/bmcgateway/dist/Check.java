package io.github.bmcgateway.dist;

/** What has to work in every container. */
enum Check {
  LINK("link"),
  PAGE("page"),
  CONSOLE("console"),
  UPLOAD("upload of 50 MB"),
  EVENTS("SSE"),
  CERTIFICATE("renewed certificate"),
  KEY("key rotated"),
  EXPIRY("4401 at exp"),
  DRAIN("SIGTERM: 503 first"),
  SHUTDOWN("SIGTERM: 1001"),
  WARNINGS("no warning of the JVM");

  private final String title;

  Check(String title) {
    this.title = title;
  }

  /** Heading of its column. */
  String title() {
    return title;
  }
}
