package io.github.bmcgateway.sim.ilo5;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was uploaded, and how far the writing of new firmware has come. Thread-safe. */
final class Ilo5Firmware {

  private final Duration flashTime;
  private final Clock clock;
  private final List<Upload> uploads = new ArrayList<>();
  private Instant flashStart = Instant.MIN;

  Ilo5Firmware(Duration flashTime, Clock clock) {
    this.flashTime = flashTime;
    this.clock = clock;
  }

  synchronized void uploaded(Upload upload) {
    uploads.add(upload);
  }

  synchronized List<Upload> uploads() {
    return List.copyOf(uploads);
  }

  synchronized void flash() {
    flashStart = clock.instant();
  }

  synchronized boolean isFlashing() {
    return !flashStart.equals(Instant.MIN) && clock.instant().isBefore(flashStart.plus(flashTime));
  }

  /** {@code State} of the update service. */
  synchronized String state() {
    if (isFlashing()) {
      return "Updating";
    }
    return uploads.isEmpty() ? "Idle" : "Complete";
  }

  /** Progress of the writing, 0 to 100. */
  synchronized long percent() {
    return isFlashing()
        ? 100 * Duration.between(flashStart, clock.instant()).toMillis() / flashTime.toMillis()
        : uploads.isEmpty() ? 0 : 100;
  }
}
