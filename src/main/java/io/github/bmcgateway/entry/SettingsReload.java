package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.FixedSettings;
import io.github.bmcgateway.ops.Reloads;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up changed settings and vendor profiles: all of a change, or nothing of it. A change that
 * is refused leaves in force what was, is logged once, and is tried again now and then, since what
 * it names may come to be there. Used by one thread.
 */
final class SettingsReload {
  /** Looks from a refusal to the next trial. */
  static final int LOOKS_UNTIL_RETRY = 10;

  private static final Logger LOG = LoggerFactory.getLogger(SettingsReload.class);

  private final SettingsFiles files;
  private final Taker taker;
  private final Reloads reloads;
  private final Settings started;
  private Settings running;
  private String tried;
  private String last;
  private int looks;
  private List<String> waiting = List.of();

  /** Puts settings in force. */
  @FunctionalInterface
  interface Taker {
    /**
     * Puts them in force as a whole.
     *
     * @throws RefusedSettingsException they can't be used, and what was in force still is
     */
    void take(Settings settings) throws RefusedSettingsException;
  }

  /**
   * @param running what is in force, and was started with
   * @param fingerprint that of the files before {@code running} was read from them
   * @param reloads is told what becomes of changes
   */
  SettingsReload(
      SettingsFiles files, Settings running, String fingerprint, Taker taker, Reloads reloads) {
    this.files = files;
    this.started = running;
    this.running = running;
    this.tried = fingerprint;
    this.last = fingerprint;
    this.taker = taker;
    this.reloads = reloads;
  }

  /** Takes up what two looks in a row have found: whoever writes files may not be done yet. */
  void look() {
    String now = files.fingerprint();
    boolean isSettled = now.equals(last);
    last = now;
    looks++;
    if (isSettled && (!now.equals(tried) || isTimeToRetry())) {
      attempt(now);
    }
  }

  private boolean isTimeToRetry() {
    return looks >= LOOKS_UNTIL_RETRY && !reloads.problems().isEmpty();
  }

  private void attempt(String seen) {
    looks = 0;
    try {
      Settings loaded = files.load();
      if (isStill(seen)) {
        tried = seen;
        take(loaded);
      }
    } catch (RefusedSettingsException e) {
      if (isStill(seen)) {
        tried = seen;
        refuse(e.problems());
      }
    }
  }

  /** What was loaded while files changed may be half of one and half of the other. */
  private boolean isStill(String seen) {
    return files.fingerprint().equals(seen);
  }

  private void take(Settings loaded) throws RefusedSettingsException {
    Settings next = loaded.after(running);
    if (!next.equals(running)) {
      taker.take(next);
      reloads.take();
      LOG.info("Changed settings are in force");
    } else if (!reloads.problems().isEmpty()) {
      reloads.clear();
      LOG.info("The settings are again those in force");
    }
    running = next;
    tellWaiting(FixedSettings.changed(started.config(), loaded.config()));
  }

  private void refuse(List<String> problems) {
    if (!problems.equals(reloads.problems())) {
      reloads.refuse(problems);
      problems.forEach(
          problem ->
              LOG.error("Changed settings are refused, the old ones stay in force: {}", problem));
    }
  }

  private void tellWaiting(List<String> settings) {
    if (!settings.equals(waiting)) {
      settings.forEach(setting -> LOG.warn("{}: the change takes effect after a restart", setting));
      waiting = settings;
    }
  }
}
