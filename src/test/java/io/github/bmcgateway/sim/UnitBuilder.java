package io.github.bmcgateway.sim;

import java.time.Duration;

/**
 * Sets up a simulated BMC: what every vendor's has. Not thread-safe.
 *
 * @param <B> the vendor's builder
 */
public abstract class UnitBuilder<B extends UnitBuilder<B>> {

  private String host = "127.0.0.1";
  private int port;
  private String tag;
  private String password;
  private Duration frameInterval = Duration.ofMillis(50);

  /** A unit with this service tag or serial number, and this password, unless others are set. */
  protected UnitBuilder(String tag, String password) {
    this.tag = tag;
    this.password = password;
  }

  /** This one, as what it is. */
  protected abstract B self();

  /** Loopback address to bind: {@code 127.0.0.1} (default), another of 127/8, or {@code ::1}. */
  public final B host(String value) {
    host = value;
    return self();
  }

  /** Port of the web pages to bind; default 0, any free one. */
  public final B port(int value) {
    port = value;
    return self();
  }

  /** Service tag or serial number, shown on pages and screen. */
  public final B tag(String value) {
    tag = value;
    return self();
  }

  /** Password of the one account. */
  public final B password(String value) {
    password = value;
    return self();
  }

  /** Time between two pictures of the console; default 50 ms. */
  public final B frameInterval(Duration value) {
    frameInterval = value;
    return self();
  }

  protected final String host() {
    return host;
  }

  protected final int port() {
    return port;
  }

  protected final String tag() {
    return tag;
  }

  protected final String password() {
    return password;
  }

  protected final Duration frameInterval() {
    return frameInterval;
  }
}
