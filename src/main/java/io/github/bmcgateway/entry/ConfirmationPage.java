package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.ops.OwnPage;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * The page that asks before a session is opened. Only its form opens it: the page runs nothing, is
 * shown in no frame, and posts to the gateway alone.
 */
final class ConfirmationPage {
  private final String title;
  private final String before;
  private final String after;

  private ConfirmationPage(String title, String before, String after) {
    this.title = title;
    this.before = before;
    this.after = after;
  }

  /** The page that asks for this entrance, and names what would be left for it. */
  static ConfirmationPage of(Verdict.Admitted to, Optional<Departures.Departure> departure) {
    boolean once = to.grant().once();
    String entered = list(BmcWords.rows(to.bmc()));
    String note = once ? "<p class=\"note\">This link works once: opening uses it up.</p>" : "";
    return departure
        .map(leaving -> leave(leaving, entered, note))
        .orElseGet(() -> new ConfirmationPage("Open this server?", entered, note));
  }

  private static ConfirmationPage leave(Departures.Departure leaving, String entered, String note) {
    String left =
        leaving
            .from()
            .map(bmc -> "<h2>You leave</h2>" + list(BmcWords.rows(bmc)))
            .orElse(
                "<p>Another server may be open in this browser. Opening this one leaves it.</p>");
    return new ConfirmationPage(
        "Leave one server for another?",
        left + "<h2>You open</h2>" + entered,
        "<p class=\"actions\"><a href=\"/\">Cancel, and stay</a></p>" + note);
  }

  private static String list(String rows) {
    return "<dl>\n" + rows + "</dl>\n";
  }

  /** Answers with the page, whose form posts the token to the link. */
  void send(HttpServletResponse response, String path, String field, String token)
      throws IOException {
    String form =
        """
        <form method="post" action="%s">
        <input type="hidden" name="%s" value="%s">
        <button class="main">Open</button>
        </form>
        """
            .formatted(OwnAnswers.escape(path), field, OwnAnswers.escape(token));
    OwnPage page = OwnPage.of(title, before + form + after).withForm();
    OwnAnswers.html(response, HttpServletResponse.SC_OK, page);
  }
}
