package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The words of the page that shows a session and lets its holder end it. */
final class HomePage {
  static final String TITLE = "Your session";
  static final String LOGGED_OUT_TITLE = "You are logged out";

  private static final String NOT_KNOWN = "not yet known";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HomePage() {}

  static String body(Bmc bmc, Optional<Scope> scope, Instant expires, Instant now, String logout) {
    BmcAddress address = bmc.address();
    String dialled = IpAddresses.formatHost(address.ip());
    return """
        <dl>
        <dt>Management controller</dt><dd>%s</dd>
        <dt>Address</dt><dd>%s</dd>
        <dt>Vendor</dt><dd>%s</dd>
        %s<dt>Session ends</dt><dd><time datetime="%s">%s</time>, in %s</dd>
        </dl>
        <p><a href="/">Go to the management controller</a></p>
        <form method="post" action="%s"><button>Log out</button></form>
        <p class="note">Logging out closes this session's consoles at once; its link works no more.</p>
        """
        .formatted(
            OwnAnswers.escape(address.authority()),
            OwnAnswers.escape(address.port() == 443 ? dialled : dialled + ":" + address.port()),
            OwnAnswers.escape(bmc.vendorKnown() ? bmc.profile().title() : NOT_KNOWN),
            ScopeWords.row(scope),
            expires,
            TIME.format(expires),
            words(Duration.between(now, expires)),
            logout);
  }

  static String loggedOutBody() {
    return "<p>The session has ended and its consoles are closed. To come back, ask for a new"
        + " link.</p>";
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
