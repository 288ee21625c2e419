package io.github.bmcgateway.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of a page for readers.
 *
 * @param page where it stands
 * @param line where its fence opens, counted from 1
 * @param language what stands behind the fence, possibly nothing
 * @param text its lines, without the fence's indentation
 * @param mark what the HTML comment before the fence, or else one for the whole page, says of it,
 *     possibly nothing
 */
record PageCommand(Path page, int line, String language, String text, String mark) {
  private static final Pattern FENCE = Pattern.compile("( *)```(\\w*)");
  private static final Pattern MARK = Pattern.compile(" *<!-- ((?:not run: |run ).+) -->");
  private static final Pattern PAGE_MARK = Pattern.compile("<!-- All commands: (run by .+) -->");

  /** Every fenced block of the README and of the pages in {@code src/docs}. */
  static List<PageCommand> all() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("src/docs"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), docs.sorted())
          .filter(page -> page.toString().endsWith(".md"))
          .flatMap(page -> of(page).stream())
          .toList();
    }
  }

  private static List<PageCommand> of(Path page) {
    List<PageCommand> blocks = new ArrayList<>();
    String pageMark = "";
    String mark = "";
    List<String> lines = lines(page);
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      Matcher marked = MARK.matcher(lines.get(i));
      Matcher pageMarked = PAGE_MARK.matcher(lines.get(i));
      if (fence.matches()) {
        int end = lines.subList(i + 1, lines.size()).indexOf(fence.group(1) + "```") + i + 1;
        blocks.add(
            new PageCommand(
                page,
                i + 1,
                fence.group(2),
                String.join("\n", lines.subList(i + 1, end)).stripIndent() + "\n",
                mark.isEmpty() ? pageMark : mark));
        i = end;
        mark = "";
      } else if (marked.matches()) {
        mark = marked.group(1);
      } else if (pageMarked.matches()) {
        pageMark = pageMarked.group(1);
      }
    }
    return blocks;
  }

  private static List<String> lines(Path page) {
    try {
      return Files.readAllLines(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a reader is to type it into a shell. */
  boolean isShell() {
    return language.equals("sh");
  }

  @Override
  public String toString() {
    return page + ":" + line + (mark.isEmpty() ? "" : " (" + mark + ")");
  }
}
