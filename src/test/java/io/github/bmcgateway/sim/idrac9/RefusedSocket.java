package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.SimulatedSocket;
import java.time.Duration;
import org.eclipse.jetty.websocket.core.CloseStatus;

/** A socket whose key is unknown or used: it is opened and closed at once. */
final class RefusedSocket extends SimulatedSocket {

  RefusedSocket() {
    super(/* pingsAllowed= */ true);
  }

  @Override
  protected void opened() {
    event("refused");
    after(Duration.ofMillis(20), () -> close(CloseStatus.NORMAL, ""));
  }

  @Override
  protected void message(byte[] message) {}

  @Override
  protected void gone() {}
}
