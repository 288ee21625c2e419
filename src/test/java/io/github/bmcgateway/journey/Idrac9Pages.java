package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;

/** What a user does on an iDRAC9's pages, step by step. */
record Idrac9Pages(Browser browser, Idrac9Simulator bmc) {

  private static final String PIXELS =
      "(() => { const canvas = document.getElementById('screen');"
          + " const data = canvas.getContext('2d')"
          + ".getImageData(0, 0, canvas.width, canvas.height).data;"
          + " let hash = 0;"
          + " for (let i = 0; i < data.length; i += 4) {"
          + " hash = (hash * 31 + (data[i] << 16 | data[i + 1] << 8 | data[i + 2])) | 0; }"
          + " return hash; })()";

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

  /** Waits until the dashboard is complete: name, preview picture, service worker tried. */
  void awaitDashboard() {
    browser.waitUntil("location.pathname === '/restgui/index.html'");
    browser.waitUntil("document.getElementById('tag').textContent !== ''");
    browser.waitUntil("document.getElementById('preview').naturalWidth > 0");
    browser.waitUntil("document.body.dataset.worker !== ''");
  }

  /** Opens the console and goes on in its window. */
  void openConsole() {
    browser.inNewWindow(() -> browser.click("#console"));
    browser.waitUntil("document.body.dataset.state === 'connected'");
  }

  /** Waits until the canvas has shown three different pictures. */
  void awaitMovingPicture() {
    browser.waitUntil("document.body.dataset.updates > 0");
    for (int i = 0; i < 2; i++) {
      Object before = browser.evaluate(PIXELS);
      browser.waitFor("other pixels", () -> !before.equals(browser.evaluate(PIXELS)));
    }
  }
}
