package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import java.nio.file.Path;

/** What a user does on an ASRock Rack board's pages, step by step. */
record AsrockrackPages(Browser browser, AsrockrackSimulator bmc) {
  void logIn(String password) {
    awaitView("login");
    browser.type("#user", bmc.user());
    browser.type("#password", password);
    browser.click("#submit");
  }

  String loginError() {
    browser.waitUntil("document.getElementById('error').textContent !== ''");
    return browser.find("#error").getText();
  }

  /** Goes to a page of the menu. */
  void go(String view) {
    browser.click("nav a[href='#" + view + "']");
    awaitView(view);
  }

  void awaitView(String view) {
    browser.waitUntil("document.body.dataset.view === '" + view + "'");
  }

  /** Waits until the dashboard is complete and has asked again by itself. */
  void awaitDashboard() {
    awaitView("dashboard");
    browser.waitUntil("document.getElementById('serial').textContent !== ''");
    browser.waitUntil("document.body.dataset.polls > 1");
  }

  /** Opens the console from its page and goes on in its window. */
  void openConsole() {
    go("remote_control");
    browser.waitUntil("!document.getElementById('download').disabled");
    browser.inNewWindow(() -> browser.click("#download"));
    browser.waitUntil("document.body.dataset.state === 'connected'");
  }

  /** Waits until the canvas has shown three different pictures. */
  void awaitMovingPicture() {
    Screen.awaitMovingPicture(browser);
  }

  /** Attaches an image as CD in the console's window. */
  void attach(Path image) {
    browser.find("#image").sendKeys(image.toString());
    browser.click("#mount");
    browser.waitUntil("document.body.dataset.media === 'mounted'");
  }

  /** Uploads firmware and waits until it is flashed. */
  void flash(Path image) {
    go("maintenance");
    browser.find("#image").sendKeys(image.toString());
    browser.click("#flash");
    browser.waitUntil("/^(Complete|Failed)/.test(document.getElementById('progress').textContent)");
  }

  void logOut() {
    browser.click("#logout");
    awaitView("login");
  }
}
