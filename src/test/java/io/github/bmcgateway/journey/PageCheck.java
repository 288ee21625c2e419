package io.github.bmcgateway.journey;

import io.github.bmcgateway.testing.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is wrong with a page for those who see, hear or touch it: by axe-core, and by
 * measuring what axe doesn't. And, by the Nu Html Checker, what is wrong with its HTML.
 */
final class PageCheck {
  /** A screen in a colour scheme. */
  enum Look {
    LIGHT_DESKTOP(false, 1280, 900),
    DARK_DESKTOP(true, 1280, 900),
    LIGHT_PHONE(false, 360, 640),
    DARK_PHONE(true, 360, 640);

    private final boolean dark;
    private final int width;
    private final int height;

    Look(boolean dark, int width, int height) {
      this.dark = dark;
      this.width = width;
      this.height = height;
    }
  }

  private static final Path NPM = Path.of("src", "test", "npm");
  private static final Path AXE = NPM.resolve("node_modules/axe-core/axe.min.js");
  private static final Path CHECKER = NPM.resolve("node_modules/vnu-jar/build/dist/vnu.jar");

  private static final String FINDINGS =
      """
      (async () => {
        const found = [];
        const result = await axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          resultTypes: ['violations', 'incomplete'],
        });
        for (const rule of [...result.violations, ...result.incomplete]) {
          found.push('axe ' + rule.id + ': ' + rule.nodes.map((node) => node.html).join(' '));
        }
        if (document.documentElement.scrollWidth > %d) {
          found.push('scrolls sideways: ' + document.documentElement.scrollWidth);
        }
        for (const target of document.querySelectorAll('a, button')) {
          const box = target.getBoundingClientRect();
          if (box.width < 44 || box.height < 44) {
            found.push('small for a finger: ' + target.outerHTML);
          }
        }
        for (const element of document.querySelectorAll('main :not([type=hidden])')) {
          const style = getComputedStyle(element);
          if (parseFloat(style.fontSize) < 14) {
            found.push('small letters: ' + element.outerHTML);
          }
          if (style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0) {
            found.push('moves: ' + element.outerHTML);
          }
        }
        const paper = getComputedStyle(document.querySelector('main')).backgroundColor;
        const brightness = Math.max(...paper.match(/[0-9]+/g).map(Number));
        if (brightness < 128 !== %s) {
          found.push('paper in the wrong scheme: ' + paper);
        }
        return found;
      })()""";

  private final Browser browser;

  /**
   * @param browser runs the check in every document that it opens from now on
   */
  PageCheck(Browser browser) throws IOException {
    String install = "npm ci --prefix " + NPM;
    Program.require(AXE, "axe-core", install);
    Program.require(CHECKER, "vnu-jar", install);
    this.browser = browser;
    browser.runInEveryDocument(Files.readString(AXE));
  }

  /** What is wrong with the page that the browser shows, in any look. */
  List<String> findings() {
    List<String> all = new ArrayList<>();
    for (Look look : Look.values()) {
      wear(look);
      String script = FINDINGS.formatted(look.width, look.dark);
      if (browser.await(script) instanceof List<?> found) {
        found.forEach(finding -> all.add(look + ": " + finding));
      } else {
        all.add(look + ": could not be checked");
      }
    }
    return all;
  }

  /** Has the browser show its page in this look. */
  void wear(Look look) {
    browser.emulate(look.dark, look.width, look.height);
  }

  /** What is wrong with the HTML of these files; empty when nothing is. */
  static String invalidHtml(List<Path> files) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // With less it fails on its own schema, and a second compiler costs more than it saves.
    command.addAll(List.of("-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", CHECKER.toString()));
    files.forEach(file -> command.add(file.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? output : output + "exit status " + process.exitValue();
  }
}
