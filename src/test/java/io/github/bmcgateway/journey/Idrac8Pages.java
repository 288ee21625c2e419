package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import java.nio.file.Path;

/** What a user does on an iDRAC8's pages, step by step. */
record Idrac8Pages(Browser browser, Idrac8Simulator bmc) {
  void logIn(String password) {
    browser.waitUntil("document.body.dataset.ready === 'true'");
    browser.type("#user", bmc.user());
    browser.type("#password", password);
    browser.click("#submit");
  }

  String loginError() {
    browser.waitUntil("document.getElementById('error').textContent !== ''");
    return browser.find("#error").getText();
  }

  /** Waits until the summary is complete, and goes on in its frame. */
  void awaitSummary() {
    browser.waitUntil("location.pathname === '/index.html' && window.ready === true");
    inFrames("da", "help");
    browser.waitUntil("document.body.dataset.ready === 'true'");
    browser.waitUntil("document.getElementById('preview').naturalWidth > 0");
  }

  /** Opens the console's window and goes on in it, whatever it does there. */
  void openConsole() {
    // It opens one more, for the certificate.
    browser.inNewWindow("/virtualconsolehtml5.html", () -> browser.click("#launch"));
  }

  void awaitConnected() {
    browser.waitUntil("document.body && document.body.dataset.state === 'connected'");
  }

  /** Waits until the canvas has shown three different pictures. */
  void awaitMovingPicture() {
    Screen.awaitMovingPicture(browser);
  }

  /** Attaches an image in the console's window. */
  void attach(Path image) {
    browser.click("#connectMedia");
    browser.waitUntil("document.body.dataset.media === 'connected'");
    browser.choose("#image", image);
  }

  /** From the main window: uploads firmware and gives the hash that the unit shows. */
  String upload(Path image) {
    inFrames("treelist");
    browser.click("#update");
    inFrames("da");
    browser.find("#upload");
    browser.choose("#image", image);
    browser.click("#upload");
    browser.waitUntil(
        "document.getElementById('hash').textContent !== ''"
            + " || document.getElementById('error').textContent !== ''");
    return browser.find("#hash").getText();
  }

  /** From the main window. */
  void logOut() {
    inFrames("globalnav");
    browser.click("#logOut");
    browser.topDocument();
    browser.waitUntil("location.pathname === '/login.html'");
    browser.waitUntil("document.body.dataset.ready === 'true'");
  }

  private void inFrames(String... names) {
    browser.topDocument();
    for (String name : names) {
      browser.frame("frame[name=" + name + "]");
    }
  }
}
