package io.github.bmcgateway.sim;

/** The server under a simulated BMC. Thread-safe once started. */
public interface UnitServer extends AutoCloseable {

  /** The bound port. */
  int port();

  /** Address and port as they stand in a URL: IPv6 in brackets. */
  String ownAuthority();

  /** What arrived, and which rules were broken. */
  Recorder recorder();

  @Override
  void close();
}
