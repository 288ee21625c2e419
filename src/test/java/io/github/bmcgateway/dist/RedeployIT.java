package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another WAR in the place of the running one, again and again, with an open console each time. */
@Tag("long")
class RedeployIT {
  private static final int TIMES = 10;

  /** What only soft references hold is let go when memory is short; here, always. */
  private static final String JVM = "-XX:SoftRefLRUPolicyMSPerMB=0";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JETTY_BASE")
  void nothingOfTheOldApplicationIsLeft(Container container) throws Exception {
    try (Idrac9Simulator bmc = Idrac9Simulator.builder().tag("AGAIN01").start();
        Server server = container.prepare(folder, settings(bmc))) {
      server.start();
      use(server, bmc);
      JvmView view = new JvmView(server.process());
      List<String> threads = view.threadsOfTheGateway();
      for (int time = 1; time <= TIMES; time++) {
        Console console = use(server, bmc);
        replaceWar();
        awaitStart(server, time + 1);
        assertEquals(1001, console.awaitClose());
      }
      use(server, bmc);

      server.process().await("one class loader", () -> view.classLoadersOfWars() == 1);
      assertEquals(threads, view.threadsOfTheGateway());
    }
  }

  private static Map<String, String> settings(Idrac9Simulator bmc) {
    return Map.of(
        "BMC_NETWORKS",
        "127.0.0.0/8",
        "BMC_PORTS",
        Integer.toString(bmc.port()),
        "JDK_JAVA_OPTIONS",
        JVM);
  }

  private static Console use(Server server, Idrac9Simulator bmc) throws Exception {
    Customer customer = new Customer(server.browser(), bmc);
    Console console = customer.openConsole();
    console.answerChallenge();
    console.receive();
    return console;
  }

  private void replaceWar() throws IOException {
    Path fresh = Files.copy(Dist.war(), folder.resolve("fresh.war"));
    Files.setLastModifiedTime(fresh, FileTime.from(Instant.now()));
    Files.move(fresh, folder.resolve("webapps/ROOT.war"), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void awaitStart(Server server, int times) throws InterruptedException {
    Browser browser = server.browser();
    server
        .process()
        .await(
            "start number " + times,
            () ->
                server.process().output().split("Consoles by ", -1).length == times + 1
                    && browser.isReady());
  }
}
