package io.github.bmcgateway.proxy.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A web server by {@code openssl s_server}, which doesn't share a line with Java's. */
final class OpensslServer implements AutoCloseable {
  private static final Pattern ACCEPT = Pattern.compile("ACCEPT .*:([0-9]+)");

  private final Process process;
  private final int port;

  private OpensslServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param options such as {@code -tls1 -cipher AES128-SHA:@SECLEVEL=0}
   */
  static OpensslServer start(OldCertificates.Identity identity, Path folder, String options)
      throws Exception {
    Path cert = Files.writeString(folder.resolve("cert.pem"), certificate(identity));
    Path key =
        Files.writeString(
            folder.resolve("key.pem"),
            pem("PRIVATE KEY", identity.keys().getPrivate().getEncoded()));
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_server", "-accept", "127.0.0.1:0", "-www"));
    command.addAll(List.of("-cert", cert.toString(), "-key", key.toString()));
    command.addAll(List.of(options.split(" ")));
    Process process = run(command);
    StringBuilder said = new StringBuilder();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher accept = ACCEPT.matcher(line);
      if (accept.matches()) {
        return new OpensslServer(process, Integer.parseInt(accept.group(1)));
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("openssl s_server didn't start: " + said);
  }

  private static Process run(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new AssertionError("openssl is missing: apt-get install openssl", e);
    }
  }

  private static String certificate(OldCertificates.Identity identity)
      throws CertificateEncodingException {
    return pem("CERTIFICATE", identity.certificate().getEncoded());
  }

  private static String pem(String type, byte[] encoded) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
