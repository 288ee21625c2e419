package io.github.bmcgateway.sim.idrac8;

import java.time.Duration;

/** What a channel may do with the socket that it runs on. */
interface Wire {

  /** Sends one message. */
  void send(byte[] message);

  /** Sends one message and runs the task once it has left. */
  void send(byte[] message, Runnable sent);

  /** Runs the task after a time, unless the socket is gone by then. */
  void after(Duration delay, Runnable task);

  /** Notes what was seen, for tests. */
  void event(String event);

  /** Notes why, and closes the socket. */
  void refuse(String why);

  /** Closes the socket; from any thread. */
  void end();
}
