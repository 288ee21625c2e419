package io.github.bmcgateway.console;

/** Told exactly once how a send went; may be told within the call that sends. */
interface Sent {
  /** The bytes were taken over by the network; the sender may reuse them and send on. */
  void sent();

  /** The bytes could not be sent and never will be. */
  void failed(Throwable cause);
}
