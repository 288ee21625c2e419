package io.github.bmcgateway.dist;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Program;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A node of a gateway in a process of its own, which can be killed. */
final class NodeProcess implements AutoCloseable {
  private static final String READY = "serves at ";

  private final Program program;
  private final List<String> log = new ArrayList<>();
  private final int port;

  private NodeProcess(Program program) {
    this.program = program;
    String line = program.line();
    while (!line.startsWith(READY)) {
      log.add(line);
      line = program.line();
    }
    port = Integer.parseInt(line.substring(READY.length()));
  }

  /**
   * Starts one in front of a BMC.
   *
   * @param folder for its files
   * @param keys its certificate
   * @param settings further settings as YAML
   * @param options further options of its JVM
   */
  static NodeProcess start(
      Path folder, KeyStore keys, int bmcPort, String settings, String... options)
      throws IOException, GeneralSecurityException {
    Path store = folder.resolve("node.p12");
    try (OutputStream out = Files.newOutputStream(store)) {
      keys.store(out, TestCertificates.PASSWORD.toCharArray());
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path file = Files.writeString(folder.resolve("node.yaml"), settings);
    List<String> command = new ArrayList<>(List.of(java, "-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            NodeProcess.class.getName(),
            Integer.toString(bmcPort),
            file.toString(),
            store.toString()));
    return new NodeProcess(Program.start(folder, command));
  }

  /** The process itself. */
  public static void main(String[] arguments) throws Exception {
    KeyStore keys =
        KeyStore.getInstance(new File(arguments[2]), TestCertificates.PASSWORD.toCharArray());
    GatewayFixture gateway =
        GatewayFixture.builder(Integer.parseInt(arguments[0]))
            .keys(keys)
            .yaml(Files.readString(Path.of(arguments[1])))
            .start();
    System.out.println(READY + gateway.port());
    new CountDownLatch(1).await();
  }

  int port() {
    return port;
  }

  /** What it has logged until it served. */
  List<String> log() {
    return log;
  }

  void kill() throws InterruptedException {
    program.kill();
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }
}
