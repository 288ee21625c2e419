package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;

/** What a user does on an iDRAC9's pages, step by step. */
record Idrac9Pages(Browser browser, Idrac9Simulator bmc) {
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
    Screen.awaitMovingPicture(browser);
  }
}
