package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.openbmc.OpenbmcSimulator;
import java.nio.file.Path;

/** What a user does on an OpenBMC unit's pages, step by step. */
record OpenbmcPages(Browser browser, OpenbmcSimulator bmc) {
  void logIn(String password) {
    browser.waitUntil("document.body.dataset.view === 'login'");
    browser.type("#username", bmc.user());
    browser.type("#password", password);
    browser.click("#log-in");
  }

  /** What the login page says. */
  String loginError() {
    browser.waitUntil("document.getElementById('error').textContent !== ''");
    return browser.find("#error").getText();
  }

  void awaitOverview() {
    browser.waitUntil("document.body.dataset.view === 'overview'");
    browser.waitUntil("document.getElementById('serial').textContent === '" + bmc.tag() + "'");
  }

  /** Waits for so many more server-sent events. */
  void awaitEvents(int more) {
    browser.waitUntil("document.body.dataset.events");
    long before = (Long) browser.evaluate("Number(document.body.dataset.events)");
    browser.waitUntil("Number(document.body.dataset.events) >= " + (before + more));
  }

  /** Uploads an image; the status of the answer. */
  String upload(Path image) {
    browser.click("#to-firmware");
    browser.choose("#image", image);
    browser.evaluate("delete document.body.dataset.upload");
    browser.click("#upload");
    browser.waitUntil("document.body.dataset.upload");
    return browser.find("#result").getText();
  }

  /** Opens the console within the page. */
  void openConsole() {
    browser.click("#to-kvm");
    browser.waitUntil("document.body.dataset.state === 'connected'");
  }

  /** Opens the console in a window of its own and goes on there. */
  void openConsoleWindow() {
    browser.click("#to-kvm");
    browser.inNewWindow(() -> browser.click("#new-window"));
    browser.waitUntil("document.body.dataset.state === 'connected'");
  }

  /** Waits until the canvas has shown three different pictures. */
  void awaitMovingPicture() {
    Screen.awaitMovingPicture(browser);
  }

  void logOut() {
    browser.click("#log-out");
    browser.waitUntil("document.body.dataset.view === 'login'");
  }
}
