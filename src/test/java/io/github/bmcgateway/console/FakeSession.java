package io.github.bmcgateway.console;

import io.github.bmcgateway.target.LiveSession;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A session that a test ends. */
final class FakeSession implements LiveSession {
  private final Set<Work> running = ConcurrentHashMap.newKeySet();
  private volatile boolean over;

  @Override
  public Optional<Registration> register(Kind kind, Work work) {
    if (over || kind != Kind.CONSOLE) {
      return Optional.empty();
    }
    running.add(work);
    return Optional.of(() -> running.remove(work));
  }

  @Override
  public int running(Kind kind) {
    return running.size();
  }

  void end(End reason) {
    over = true;
    running.forEach(work -> work.end(reason));
  }

  int running() {
    return running.size();
  }
}
