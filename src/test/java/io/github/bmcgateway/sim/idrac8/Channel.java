package io.github.bmcgateway.sim.idrac8;

/** What is spoken on a socket once it has been opened and both ends have said who they are. */
interface Channel {

  /** A message that isn't about the socket itself. */
  void message(ConsoleMessage message);

  /** The socket is gone. */
  void gone();
}
