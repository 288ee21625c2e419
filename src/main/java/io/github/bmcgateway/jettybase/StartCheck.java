package io.github.bmcgateway.jettybase;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Says in one line why a connector couldn't start, before Jetty would say it in a hundred. */
final class StartCheck {
  private StartCheck() {}

  /** What keeps a connector from starting, if anything does: in one line, without a secret. */
  static Optional<String> problem(String host, String port, Path certificate, Path key) {
    return pairProblem(certificate, key).or(() -> listenProblem(host, port));
  }

  private static Optional<String> pairProblem(Path certificate, Path key) {
    try {
      PemKeyPair.read(certificate, key);
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return told("CERT_PATH, KEY_PATH: there is no file " + e.getFile());
    } catch (IOException | GeneralSecurityException e) {
      return told("CERT_PATH, KEY_PATH: " + e.getMessage());
    }
  }

  private static Optional<String> listenProblem(String host, String port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As Jetty does: connections that a stopped process left behind don't hold the port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port)));
      return Optional.empty();
    } catch (UnknownHostException e) {
      return told("LISTEN: nothing is known by the name " + host);
    } catch (IOException | IllegalArgumentException e) {
      return told("LISTEN: can't listen at %s port %s: %s".formatted(host, port, e.getMessage()));
    }
  }

  private static Optional<String> told(String problem) {
    return Optional.of(problem.replaceAll("\\s+", " "));
  }
}
