package io.github.bmcgateway.sim.idrac8;

import java.util.ArrayList;
import java.util.List;

/**
 * One console: its control socket, and the further sockets that hang on it and end with it.
 * Thread-safe.
 */
final class ConsoleLogin {

  /** So many requests the viewer makes on the control socket before the video begins. */
  static final int REQUESTS_BEFORE_VIDEO = 4;

  private final int number;
  private final ConsoleLogins.Pair media;
  private final List<Runnable> onEnd = new ArrayList<>();
  private int requests;
  private boolean ended;

  ConsoleLogin(int number, ConsoleLogins.Pair media) {
    this.number = number;
    this.media = media;
  }

  /** The random number that the unit gave it. */
  int number() {
    return number;
  }

  /** Credentials of its media socket. */
  ConsoleLogins.Pair media() {
    return media;
  }

  /** A request came on the control socket. */
  synchronized void requested() {
    requests++;
  }

  /** Whether the control socket has asked for all that the video needs. */
  synchronized boolean isVideoAskedFor() {
    return requests >= REQUESTS_BEFORE_VIDEO;
  }

  /** Runs the task when the control socket goes, at once if it has gone. */
  void whenEnded(Runnable task) {
    boolean late;
    synchronized (this) {
      late = ended;
      if (!late) {
        onEnd.add(task);
      }
    }
    if (late) {
      task.run();
    }
  }

  void end() {
    List<Runnable> tasks;
    synchronized (this) {
      ended = true;
      tasks = List.copyOf(onEnd);
      onEnd.clear();
    }
    tasks.forEach(Runnable::run);
  }
}
