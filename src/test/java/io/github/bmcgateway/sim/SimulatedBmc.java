package io.github.bmcgateway.sim;

import java.security.KeyStore;

/** A double of a BMC on loopback, whatever its vendor. Thread-safe. */
public abstract class SimulatedBmc implements AutoCloseable {

  private final UnitServer server;
  private final Identity identity;

  /**
   * What tells a unit from others of its vendor.
   *
   * @param tag its service tag or serial number
   * @param user name of its one account
   * @param password password of that account
   * @param keyStore its key and certificate
   */
  public record Identity(String tag, String user, String password, KeyStore keyStore) {}

  /** A unit that is served already. */
  protected SimulatedBmc(UnitServer server, Identity identity) {
    this.server = server;
    this.identity = identity;
  }

  /** The bound port of the web pages: 443 on a real unit. */
  public final int port() {
    return server.port();
  }

  /** Address and web port as the unit knows itself. */
  public final String ownAuthority() {
    return server.ownAuthority();
  }

  /** Name of the one account. */
  public final String user() {
    return identity.user();
  }

  /** Password of the one account. */
  public final String password() {
    return identity.password();
  }

  /** The service tag or serial number. */
  public final String tag() {
    return identity.tag();
  }

  /** The unit's key and certificate. */
  public final KeyStore keyStore() {
    return identity.keyStore();
  }

  /** What arrived, and which rules were broken. */
  public final Recorder recorder() {
    return server.recorder();
  }

  /** Web sessions in use. */
  public abstract int sessionsInUse();

  @Override
  public void close() {
    server.close();
  }
}
