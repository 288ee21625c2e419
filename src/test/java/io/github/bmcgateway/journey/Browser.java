package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openqa.selenium.Alert;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchWindowException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A real Chromium with a profile of its own, headless, driven for tests.
 *
 * <p>Every wait ends after {@link #PATIENCE}. A browser that isn't installed fails the test with
 * the command that installs it. Not thread-safe.
 */
final class Browser implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Held, for a logger that nobody holds forgets its level; it warns that it knows no CDP 156. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final Path profile;
  private final ChromeDriverService service;
  private final ChromeDriver driver;

  private Browser(Path profile, ChromeDriverService service, ChromeDriver driver) {
    this.profile = profile;
    this.service = service;
    this.driver = driver;
  }

  /**
   * Starts a browser that takes the given server certificates as if an authority it knows had
   * signed them.
   *
   * <p>They are trusted by their public keys, not by switching checks off: a browser that merely
   * tolerates a bad certificate registers no service worker and obeys no {@code Clear-Site-Data}.
   */
  static Browser start(KeyStore... trusted) throws IOException {
    return start(List.of("--disable-popup-blocking"), trusted);
  }

  /**
   * As the other, but it blocks windows that no click has asked for, as every browser does until
   * its user allows a site to open them.
   */
  static Browser startBlockingPopups(KeyStore... trusted) throws IOException {
    return start(List.of(), trusted);
  }

  private static Browser start(List<String> furtherSwitches, KeyStore... trusted)
      throws IOException {
    requireInstalled();
    SELENIUM.setLevel(Level.SEVERE);
    Path profile = Files.createTempDirectory("browser");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .withLogFile(new File("/dev/null"))
            .build();
    ChromeOptions options = options(profile, trusted).addArguments(furtherSwitches);
    return new Browser(profile, service, new ChromeDriver(service, options));
  }

  private static void requireInstalled() {
    if (!Files.isExecutable(CHROMIUM) || !Files.isExecutable(DRIVER)) {
      throw new AssertionError(
          "Chromium is not installed. Install it with: apt-get install -y chromium chromium-driver");
    }
  }

  private static ChromeOptions options(Path profile, KeyStore... trusted) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
        "--user-data-dir=" + profile,
        "--ignore-certificate-errors-spki-list="
            + Arrays.stream(trusted).map(Browser::publicKeyHash).collect(Collectors.joining(",")));
    // Chromedriver's own switches let every window through.
    options.setExperimentalOption("excludeSwitches", List.of("disable-popup-blocking"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  private static String publicKeyHash(KeyStore store) {
    try {
      byte[] key = TestCertificates.certificate(store).getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Goes to an address in the current window. */
  void open(String url) {
    driver.get(url);
  }

  /** The current window's address. */
  String url() {
    return driver.getCurrentUrl();
  }

  /** The current page's visible text. */
  String text() {
    return driver.findElement(By.tagName("body")).getText();
  }

  /** The element, once it is there and visible. */
  WebElement find(String css) {
    return new WebDriverWait(driver, PATIENCE)
        .until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(css)));
  }

  /** Types into a field in place of what it held. */
  void type(String css, String text) {
    WebElement field = find(css);
    field.clear();
    field.sendKeys(text);
  }

  void click(String css) {
    find(css).click();
  }

  /** The result of an expression in the current page. */
  Object evaluate(String expression) {
    return driver.executeScript("return " + expression);
  }

  /** The result of a promise in the current page. */
  Object await(String promise) {
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return driver.executeAsyncScript(
        "const done = arguments[arguments.length - 1];"
            + "("
            + promise
            + ").then(done, (error) => done('failed: ' + error));");
  }

  /** Makes the current tab a screen of another size and colour scheme, from now on. */
  void emulate(boolean dark, int width, int height) {
    String scheme = dark ? "dark" : "light";
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** Runs a script ahead of every document of the current tab, whatever its policy is. */
  void runInEveryDocument(String script) {
    driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
  }

  /** Presses keys wherever the focus is. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Waits until an expression in the current page is true. */
  void waitUntil(String expression) {
    waitFor(expression, () -> Boolean.TRUE.equals(evaluate("Boolean(" + expression + ")")));
  }

  /** Waits until a condition holds. */
  void waitFor(String what, BooleanSupplier condition) {
    waitFor(what, /* furtherSeconds= */ 0, condition);
  }

  /** Waits so many seconds longer than usual until a condition holds. */
  void waitFor(String what, long furtherSeconds, BooleanSupplier condition) {
    new WebDriverWait(driver, PATIENCE.plusSeconds(furtherSeconds))
        .withMessage(() -> what + "; page " + url() + "; console " + consoleLog())
        .until(anything -> condition.getAsBoolean());
  }

  /** Does something that opens a window, and goes on in that window. */
  void inNewWindow(Runnable opener) {
    inNewWindow("", opener);
  }

  /**
   * Does something that opens a window, and goes on in that window; further windows may open and
   * close meanwhile.
   *
   * @param address part of the window's address
   */
  void inNewWindow(String address, Runnable opener) {
    Set<String> before = driver.getWindowHandles();
    opener.run();
    waitFor(
        "a new window " + address,
        () ->
            driver.getWindowHandles().stream()
                .filter(handle -> !before.contains(handle))
                .anyMatch(handle -> isAt(handle, address)));
  }

  private boolean isAt(String handle, String address) {
    String current = window();
    try {
      driver.switchTo().window(handle);
      // Asking for the address would dismiss a message box that is open there.
      if (address.isEmpty() || url().contains(address)) {
        return true;
      }
    } catch (NoSuchWindowException gone) {
      // It closed itself: another one is meant.
    }
    driver.switchTo().window(current);
    return false;
  }

  /** Opens an empty tab and goes on in it. */
  void openTab() {
    driver.switchTo().newWindow(WindowType.TAB);
  }

  /** Goes on in a frame of the current document, once it is there. */
  void frame(String css) {
    new WebDriverWait(driver, PATIENCE)
        .until(ExpectedConditions.frameToBeAvailableAndSwitchToIt(By.cssSelector(css)));
  }

  /** Goes on in the current window's top document. */
  void topDocument() {
    driver.switchTo().defaultContent();
  }

  /** Text of the message box that the current page shows or will show; answers it. */
  String answerAlert() {
    Alert alert = new WebDriverWait(driver, PATIENCE).until(ExpectedConditions.alertIsPresent());
    String text = alert.getText();
    alert.accept();
    return text;
  }

  /** Chooses a file in a file field, visible or not. */
  void choose(String css, Path file) {
    driver.findElement(By.cssSelector(css)).sendKeys(file.toAbsolutePath().toString());
  }

  /** Handle of the current window, to come back to. */
  String window() {
    return driver.getWindowHandle();
  }

  /** Closes the current window and goes on in another. */
  void closeWindow(String next) {
    driver.close();
    switchTo(next);
  }

  /** Goes on in another window. */
  void switchTo(String window) {
    driver.switchTo().window(window);
  }

  /** Names of the cookies that the current page would send. */
  List<String> cookieNames() {
    List<String> names = new ArrayList<>();
    driver.manage().getCookies().forEach(cookie -> names.add(cookie.getName()));
    return names;
  }

  /** The cookies that the current page would send, each as name, equals sign and value. */
  Set<String> cookies() {
    return driver.manage().getCookies().stream()
        .map(cookie -> cookie.getName() + "=" + cookie.getValue())
        .collect(Collectors.toSet());
  }

  /** Lines that the pages of this browser wrote to the console since the last call. */
  List<String> consoleLog() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /** Writes {@code target/screenshots/<name>.png}. */
  void screenshot(String name) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() throws IOException {
    try {
      driver.quit();
    } finally {
      service.stop();
      deleteProfile();
    }
  }

  private void deleteProfile() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(profile)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
