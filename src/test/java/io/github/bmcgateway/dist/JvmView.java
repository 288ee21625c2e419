package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What goes on in the JVM of a server, as its diagnostic commands tell. */
final class JvmView {
  private static final Pattern WAR_LOADER = Pattern.compile("Web[Aa]pp\\w*ClassLoader$");
  private static final Pattern THREAD =
      Pattern.compile("^\"((?:bmc-gateway|audit|HttpClient|Scheduler)[^\"]*)\"", Pattern.MULTILINE);

  private final ServerProcess process;

  JvmView(ServerProcess process) {
    this.process = process;
  }

  /** Class loaders of web applications that are still there after a collection. */
  long classLoadersOfWars() {
    ask("GC.run");
    return ask("VM.classloader_stats")
        .lines()
        .filter(line -> WAR_LOADER.matcher(line).find())
        .count();
  }

  /** Names of the threads that the gateway makes, without their numbers, in order. */
  List<String> threadsOfTheGateway() {
    return THREAD
        .matcher(ask("Thread.print"))
        .results()
        .map((MatchResult thread) -> thread.group(1).replaceAll("[-@]?[0-9a-f]*$", ""))
        .distinct()
        .sorted()
        .toList();
  }

  private String ask(String command) {
    try {
      Process jcmd =
          new ProcessBuilder(
                  System.getProperty("java.home") + "/bin/jcmd",
                  Long.toString(process.pid()),
                  command)
              .redirectErrorStream(true)
              .start();
      String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, jcmd.waitFor(), said);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
