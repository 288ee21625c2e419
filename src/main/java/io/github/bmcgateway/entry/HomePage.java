package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.OwnPage;
import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.Bmc;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The page that shows a session and lets its holder end it, and the one after that. */
final class HomePage {
  /**
   * Counts down from the seconds that the page says, for clocks of browsers are often wrong. At
   * zero it asks again: a new link may have prolonged the session meanwhile.
   */
  private static final String SCRIPT =
      """
      const timer = document.querySelector('[role=timer]');
      const end = Date.now() + timer.dataset.seconds * 1000;
      const two = (number) => String(number).padStart(2, '0');
      const tick = () => {
        const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
        timer.textContent =
            Math.floor(left / 3600) + ':' + two(Math.floor(left / 60) % 60) + ':' + two(left % 60);
        if (left === 0) {
          clearInterval(ticking);
          location.reload();
        }
      };
      const ticking = setInterval(tick, 1000);
      tick();
      """;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HomePage() {}

  /**
   * @param logout the URL that ends the session
   */
  static OwnPage of(Bmc bmc, Optional<Scope> scope, Instant expires, Instant now, String logout) {
    return OwnPage.of("Your session", body(bmc, scope, expires, now, logout))
        .withForm()
        .withScript(SCRIPT);
  }

  private static String body(
      Bmc bmc, Optional<Scope> scope, Instant expires, Instant now, String logout) {
    Duration left = Duration.between(now, expires);
    return """
        <dl>
        %s%s<dt>Session ends</dt><dd><time datetime="%s">%s</time>, in
        <span role="timer" aria-label="Time left" data-seconds="%d">%s</span></dd>
        </dl>
        <p class="actions"><a class="main" href="/">Go to the management controller</a></p>
        <form method="post" action="%s"><button>Log out</button></form>
        <p class="note">Logging out closes this session's consoles at once; its link works no more.</p>
        """
        .formatted(
            BmcWords.rows(bmc),
            ScopeWords.row(scope),
            expires,
            TIME.format(expires),
            left.plusMillis(999).toSeconds(),
            words(left),
            logout);
  }

  static OwnPage loggedOut() {
    return OwnPage.of(
        "You are logged out",
        "<p>The session has ended and its consoles are closed. To come back, ask for a new link."
            + "</p>");
  }

  private static String words(Duration left) {
    long minutes = left.toMinutes();
    if (minutes < 1) {
      return "less than a minute";
    }
    if (minutes < 120) {
      return minutes == 1 ? "1 minute" : minutes + " minutes";
    }
    return left.toHours() + " hours";
  }
}
