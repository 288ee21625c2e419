package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import java.nio.file.Path;

/** What a user does on an iLO 5's pages, step by step. */
record Ilo5Pages(Browser browser, Ilo5Simulator bmc) {
  void logIn(String password) {
    browser.topDocument();
    browser.waitUntil("document.body.dataset.state === 'login'");
    browser.frame("#appFrame");
    browser.waitUntil("document.body.dataset.ready === 'true'");
    browser.waitUntil("!document.getElementById('ID_LOGON').disabled");
    browser.type("#usernameInput", bmc.user());
    browser.type("#passwordInput", password);
    browser.click("#ID_LOGON");
  }

  /** What the login page says; from within it. */
  String loginError() {
    browser.waitUntil("document.getElementById('error').textContent !== ''");
    return browser.find("#error").getText();
  }

  /** Waits until the first event has uncovered the pages and the first one is complete. */
  void awaitApplication() {
    browser.topDocument();
    browser.waitUntil("document.body.dataset.state === 'application'");
    inContent();
    browser.waitUntil("document.body.dataset.complete === 'true'");
    browser.waitUntil("document.getElementById('thumbnail').naturalWidth > 0");
    browser.topDocument();
  }

  /** Waits for so many more server-sent events. */
  void awaitEvents(int more) {
    browser.topDocument();
    long before = (Long) browser.evaluate("Number(document.body.dataset.events)");
    browser.waitUntil("Number(document.body.dataset.events) >= " + (before + more));
  }

  /** Waits for so many more rounds of polling. */
  void awaitPolls(int more) {
    inApplication();
    long before = (Long) browser.evaluate("Number(document.body.dataset.polls)");
    browser.waitUntil("Number(document.body.dataset.polls) >= " + (before + more));
  }

  /** Goes on in one of the content pages. */
  void goTo(String page) {
    inApplication();
    browser.click("#nav_" + page);
    browser.frame("#frameContent");
    browser.waitUntil("location.pathname === '/html/" + page + ".html'");
    browser.waitUntil("document.readyState === 'complete'");
  }

  /** Opens the console from its page and goes on in its window. */
  void openConsole() {
    goTo("rc_info");
    browser.inNewWindow(() -> browser.click("#HRCButton"));
    browser.waitUntil("document.body.dataset.state === 'connected'");
  }

  /** Waits until the canvas has shown three different pictures, none of them broken. */
  void awaitMovingPicture() {
    Screen.awaitMovingPicture(browser);
    browser.waitUntil("!document.body.dataset.broken");
  }

  /** Uploads a file to the repository and waits for the unit's answer, which is returned. */
  String upload(Path file) {
    goTo("flash_firmware");
    browser.find("#file").sendKeys(file.toString());
    browser.click("#upload");
    browser.waitUntil("document.body.dataset.upload !== ''");
    return browser.find("#result").getText();
  }

  /** Attaches an image and waits until the unit has read some of it. */
  void attach(Path image) {
    goTo("vm");
    browser.find("#image").sendKeys(image.toString());
    browser.waitUntil("Number(document.body.dataset.read) > 0");
  }

  void logOut() {
    inApplication();
    browser.click("#logout");
    browser.topDocument();
    browser.waitUntil("document.body.dataset.state === 'login'");
  }

  private void inApplication() {
    browser.topDocument();
    browser.frame("#appFrame");
  }

  private void inContent() {
    inApplication();
    browser.frame("#frameContent");
  }
}
