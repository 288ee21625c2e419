package io.github.bmcgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What figures were measured on. */
final class Machine {
  private Machine() {}

  /** One line: the date, the processor, the versions. */
  static String describe(String javaOptions) throws IOException, InterruptedException {
    return "Measured %s on %d cores of %s under %s, OpenJDK %s, `%s`, %s, %s, %s."
        .formatted(
            LocalDate.now(),
            cores(),
            find("(?m)^model name\\s*: (.*)$", Files.readString(Path.of("/proc/cpuinfo"))),
            find("PRETTY_NAME=\"(.*)\"", Files.readString(Path.of("/etc/os-release"))),
            System.getProperty("java.version"),
            javaOptions,
            version("nginx", "-v"),
            version("haproxy", "-v"),
            version("apache2", "-v"));
  }

  /** How many processes there were to run, the last minute's mean. */
  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  private static long cores() throws IOException {
    return Files.readString(Path.of("/proc/cpuinfo"))
        .lines()
        .filter(line -> line.startsWith("processor"))
        .count();
  }

  private static String version(String program, String option)
      throws IOException, InterruptedException {
    try {
      return program + " " + find("[ /](\\d+\\.[\\d.]+)", Peer.run(program, option));
    } catch (IOException missing) {
      return "no " + program;
    }
  }

  private static String find(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "?";
  }
}
