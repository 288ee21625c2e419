package io.github.bmcgateway.ops;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/**
 * A page of the gateway itself: a heading, what follows it, and the policy that lets it do no more
 * than it has to. It loads nothing, runs nothing that isn't its own, and is framed by nobody,
 * unless it has no action and a page of the same host may frame it. Without scripts in the browser
 * it has to do as well.
 *
 * <p>It follows the browser's colour scheme, fits a screen of 360 pixels, and moves nothing. An
 * action is an element of the class {@code actions}, or a button, and large enough for a finger.
 *
 * @param title the heading, plain text
 * @param body what follows it, HTML
 * @param hasForm whether the body has a form, which is sent to the gateway
 * @param isFramed whether pages of the same host may frame it
 * @param script what the page runs, without {@code </script>} in it
 */
public record OwnPage(
    String title, String body, boolean hasForm, boolean isFramed, Optional<String> script) {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--text:#1c2128;--soft:#57606a;
      --line:#d5d9de;--accent:#0a58ca;--on:#fff}
      @media(prefers-color-scheme:dark){:root{--page:#121518;--card:#1b1f24;--text:#e6e9ec;
      --soft:#a5adb6;--line:#363c44;--accent:#8ab4f8;--on:#10151c}}
      *{box-sizing:border-box}
      body{margin:0;padding:1rem;background:var(--page);color:var(--text);
      font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
      main{max-width:36rem;margin:10vh auto 0;padding:2rem;background:var(--card);
      border:1px solid var(--line);border-radius:.75rem}
      h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}
      h2{margin:1.5rem 0 .5rem;font-size:1rem}
      p,form{margin:0 0 1rem}
      main>:last-child{margin-bottom:0}
      dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.5rem 1.5rem;
      margin:0 0 1.5rem}
      dt,.note{color:var(--soft)}
      dd{margin:0}
      .note{font-size:.875rem}
      .actions{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin:1.5rem 0}
      .actions a,button{display:inline-flex;align-items:center;min-height:2.75rem;
      min-width:2.75rem;color:var(--accent)}
      .actions .main,button{padding:.5rem 1.25rem;border:1px solid var(--accent);
      border-radius:.5rem;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
      .actions .main,button.main{background:var(--accent);color:var(--on)}
      button:not(.main){background:none}
      :focus-visible{outline:3px solid var(--accent);outline-offset:3px}
      @media(max-width:30rem){main{margin:0;padding:1.25rem}dl{grid-template-columns:1fr;gap:0}
      dd{margin:0 0 .75rem}}
      """;
  private static final String STYLE_HASH = sha256(STYLE);

  /** A page without a form and without a script. */
  public static OwnPage of(String title, String body) {
    return new OwnPage(title, body, /* hasForm= */ false, /* isFramed= */ false, Optional.empty());
  }

  /**
   * A page without a form and without a script that may stand in a frame of a page of the same
   * host, as where a BMC's own page would have stood.
   */
  static OwnPage framed(String title, String body) {
    return new OwnPage(title, body, /* hasForm= */ false, /* isFramed= */ true, Optional.empty());
  }

  /** The page, allowed to send its form to the gateway. */
  public OwnPage withForm() {
    return new OwnPage(title, body, /* hasForm= */ true, /* isFramed= */ false, script);
  }

  /** The page with this script at its end, and no other. */
  public OwnPage withScript(String text) {
    return new OwnPage(title, body, hasForm, /* isFramed= */ false, Optional.of(text));
  }

  /** The value of its {@code Content-Security-Policy}. */
  String policy() {
    return "default-src 'none'; style-src '"
        + STYLE_HASH
        + "'; img-src data:; form-action "
        + (hasForm ? "'self'" : "'none'")
        + "; base-uri 'none'; frame-ancestors "
        + (isFramed ? "'self'" : "'none'")
        + script.map(text -> "; script-src '" + sha256(text) + "'").orElse("");
  }

  /** The document. */
  String html() {
    // The icon keeps the browser from asking the BMC for one.
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title>
        <link rel="icon" href="data:,">
        <style>%2$s</style>
        </head>
        <body>
        <main>
        <h1>%1$s</h1>
        %3$s
        </main>
        %4$s</body>
        </html>
        """
        .formatted(
            OwnAnswers.escape(title),
            STYLE,
            body.stripTrailing(),
            script.map(text -> "<script>" + text + "</script>\n").orElse(""));
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
