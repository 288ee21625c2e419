package io.github.bmcgateway.journey;

/** The canvas on which every console's page draws. */
final class Screen {
  private static final String PIXELS =
      "(() => { const canvas = document.getElementById('screen');"
          + " const data = canvas.getContext('2d')"
          + ".getImageData(0, 0, canvas.width, canvas.height).data;"
          + " let hash = 0;"
          + " for (let i = 0; i < data.length; i += 4) {"
          + " hash = (hash * 31 + (data[i] << 16 | data[i + 1] << 8 | data[i + 2])) | 0; }"
          + " return hash; })()";

  private Screen() {}

  /** Waits until the canvas has shown three different pictures. */
  static void awaitMovingPicture(Browser browser) {
    browser.waitUntil("Number(document.body.dataset.updates) > 0");
    for (int i = 0; i < 2; i++) {
      Object before = browser.evaluate(PIXELS);
      browser.waitFor("other pixels", () -> !before.equals(browser.evaluate(PIXELS)));
    }
  }
}
