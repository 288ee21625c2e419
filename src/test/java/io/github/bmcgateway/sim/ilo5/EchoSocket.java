package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.SimulatedSocket;

/** Any other {@code /wss/}: what the pages open there is unknown, so each message comes back. */
final class EchoSocket extends SimulatedSocket {

  EchoSocket() {
    super(/* pingsAllowed= */ false);
  }

  @Override
  protected void opened() {}

  @Override
  protected void message(byte[] message) {
    send(message);
  }

  @Override
  protected void gone() {}
}
