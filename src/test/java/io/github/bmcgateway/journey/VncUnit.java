package io.github.bmcgateway.journey;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Program;
import io.github.bmcgateway.testing.ReservedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A unit with a real console: TigerVNC's server with a screen that {@code screen.py} paints, behind
 * websockify with TLS, which also serves a page with noVNC. Everything is as Debian and npm
 * distribute it.
 *
 * <p>What isn't installed fails the test with the command that installs it. All its processes end
 * with {@link #close}. Not thread-safe.
 */
final class VncUnit implements AutoCloseable {
  private static final Path NPM = Path.of("src", "test", "npm");
  private static final Path NO_VNC = NPM.resolve("node_modules/@novnc/novnc");
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path XLIB = Path.of("/usr/lib/python3/dist-packages/Xlib");

  private final Path folder;
  private final Deque<Program> programs = new ArrayDeque<>();
  private final Path noVnc;
  private final ReservedPort port = new ReservedPort();
  private final Program server;
  private final Program screen;

  private VncUnit(Path folder) throws Exception {
    this.folder = folder;
    this.noVnc = folder.resolve("pages").resolve("novnc");
    try {
      Path socket = folder.resolve("vnc.sock");
      server = startServer(socket);
      screen = startScreen(":" + server.line());
      startWebsockify(socket);
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  /** Starts a unit that keeps its files in the folder. */
  static VncUnit start(Path folder) throws Exception {
    Program.require(NO_VNC, "noVNC", "npm ci --prefix " + NPM);
    Program.require(XLIB, "python3-xlib");
    return new VncUnit(folder);
  }

  /** The port of its page and of its console, on loopback with TLS. */
  int port() {
    return port.port();
  }

  /** What its screen was given next: {@code key} or {@code button}, as a line of JSON. */
  String input() {
    return screen.line();
  }

  /** Ends the VNC server, while websockify goes on. */
  void endServer() throws InterruptedException {
    server.close();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    while (!programs.isEmpty()) {
      programs.pop().close();
    }
    port.close();
    Files.deleteIfExists(noVnc);
  }

  private Program startServer(Path socket) throws IOException {
    return started(
        List.of(
            Program.find("Xtigervnc", "tigervnc-standalone-server"),
            // It chooses the number and writes it to its standard output.
            "-displayfd",
            "1",
            "-geometry",
            "640x480",
            "-depth",
            "24",
            "-SecurityTypes",
            "None",
            "-rfbunixpath",
            socket.toString(),
            "-rfbunixmode",
            "0600",
            "-rfbport",
            "-1",
            "-nolisten",
            "tcp"));
  }

  private Program startScreen(String display) throws IOException, URISyntaxException {
    Program program =
        started(List.of(PYTHON.toString(), resource("screen.py").toString(), display));
    program.line();
    return program;
  }

  private void startWebsockify(Path socket) throws Exception {
    KeyStore keys = TestCertificates.selfSigned("unit");
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    Files.writeString(certificate, TestCertificates.chainPem(keys));
    Files.writeString(key, TestCertificates.keyPem(keys));
    List<String> command =
        new ArrayList<>(List.of(Program.find("websockify", "websockify"), "--heartbeat=1"));
    command.addAll(List.of("--ssl-only", "--cert=" + certificate, "--key=" + key));
    command.addAll(List.of("--web=" + pages(), "--unix-target=" + socket, "127.0.0.1:" + port()));
    started(command);
    Eventually.holds("websockify listens", this::isListening);
  }

  private Path pages() throws IOException, URISyntaxException {
    Path pages = Files.createDirectory(noVnc.getParent());
    Files.copy(resource("novnc/index.html"), pages.resolve("index.html"));
    Files.createSymbolicLink(noVnc, NO_VNC.toAbsolutePath());
    return pages;
  }

  private Program started(List<String> command) throws IOException {
    Program program = Program.start(folder, command);
    programs.push(program);
    return program;
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    URL found = VncUnit.class.getResource("/clients/" + name);
    return Path.of(found.toURI());
  }
}
