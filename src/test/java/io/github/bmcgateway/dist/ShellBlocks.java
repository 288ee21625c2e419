package io.github.bmcgateway.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands of a page for operators.
 *
 * @param sections by heading, the blocks of shell commands below it
 */
record ShellBlocks(Map<String, List<String>> sections) {

  static ShellBlocks of(Path page) throws IOException {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    StringBuilder block = null;
    for (String line : Files.readAllLines(page)) {
      if (block != null && line.equals("```")) {
        current.add(block.toString());
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      } else if (line.equals("```sh")) {
        block = new StringBuilder();
      } else if (line.startsWith("## ")) {
        current = new ArrayList<>();
        sections.put(line.substring(3), current);
      }
    }
    return new ShellBlocks(sections);
  }

  /** The blocks of a section, without those for systemd, which need not run. */
  List<String> withoutSystemd(String section) {
    return sections.getOrDefault(section, List.of()).stream()
        .filter(block -> !block.contains("systemctl"))
        .toList();
  }
}
