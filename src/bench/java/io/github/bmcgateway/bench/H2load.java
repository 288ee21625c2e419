package io.github.bmcgateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs {@code h2load} on the first core: HTTP/1.1, as many requests as the connections bear. Every
 * answer has to be a 200 of the right length, or the run fails.
 */
final class H2load {
  private static final Pattern DONE =
      Pattern.compile(
          "(\\d+) succeeded, 0 failed, 0 errored, 0 timeout\\s+status codes: (\\d+) 2xx,.*\\s+"
              + "traffic: .*, \\S+ \\((\\d+)\\) data");

  /** The share of the requests within which is measured: all connections are at work then. */
  private static final double MEASURED = 0.8;

  private H2load() {}

  /**
   * What is asked for.
   *
   * @param bytes length of each answer's body
   */
  record Work(int port, String target, int connections, long bytes, String cookie) {
    @Override
    public String toString() {
      return "127.0.0.1:" + port + target + " (" + bytes + " bytes)";
    }
  }

  /** What the kernel counts, at one moment. */
  record Mark(long nanos, double cpu, double busy) {}

  /**
   * What was seen.
   *
   * @param cpuEach the peer's processor time for a request
   * @param foreign what others took of the proxy's core
   */
  record Seen(double perSecond, double cpuEach, double foreign) {
    static Seen between(Mark begin, Mark end, double requests) {
      double seconds = (end.nanos() - begin.nanos()) / 1e9;
      double cpu = end.cpu() - begin.cpu();
      double foreign = end.busy() - begin.busy() - cpu;
      return new Seen(requests / seconds, cpu / requests, foreign / seconds);
    }
  }

  static Seen run(Work work, long requests, Supplier<Mark> marks)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command(work, requests)).redirectErrorStream(true).start();
    StringBuilder output = new StringBuilder();
    Mark begin = marks.get();
    Mark end = begin;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("progress: 10% done")) {
          begin = marks.get();
        } else if (line.equals("progress: 90% done")) {
          end = marks.get();
        }
        output.append(line).append('\n');
      }
    }
    process.waitFor();
    check(work, requests, output.toString());
    return Seen.between(begin, end, requests * MEASURED);
  }

  private static List<String> command(Work work, long requests) {
    return List.of(
        "taskset",
        "-c",
        "0",
        "h2load",
        "--h1",
        "-t1",
        "-c" + work.connections(),
        "-n" + requests,
        // Otherwise each peer would choose one of its own.
        "--tls13-ciphers=TLS_AES_256_GCM_SHA384",
        "-HCookie: " + work.cookie(),
        "https://127.0.0.1:" + work.port() + work.target());
  }

  private static void check(Work work, long requests, String output) throws IOException {
    Matcher matcher = DONE.matcher(output);
    if (!matcher.find()
        || number(matcher, 1) != requests
        || number(matcher, 2) != requests
        || number(matcher, 3) != requests * work.bytes()) {
      throw new IOException(
          work + " did not get " + requests + " whole answers with status 200:\n" + output);
    }
  }

  private static long number(MatchResult match, int group) {
    return Long.parseLong(match.group(group));
  }
}
