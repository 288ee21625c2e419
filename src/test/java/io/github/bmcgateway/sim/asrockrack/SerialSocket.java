package io.github.bmcgateway.sim.asrockrack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code /sol}: a terminal that echoes, and otherwise says nothing for as long as it lives. */
final class SerialSocket extends WireSocket {

  @Override
  protected void opened() {
    event("opened");
  }

  @Override
  protected void received(byte[] bytes) throws IOException {
    event("typed " + new String(bytes, StandardCharsets.UTF_8).strip());
    send(bytes);
  }

  @Override
  protected void ended() {
    event("ended");
  }
}
