package io.github.bmcgateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.SimulatedBmc;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;

/** A gateway in front of one BMC, and a client whose token has a scope. */
public final class ScopedGateway implements AutoCloseable {
  private final GatewayFixture gateway;
  private final BmcClient client;
  private final String vendor;
  private final SimulatedBmc bmc;
  private final int consolePort;
  private String token = "";

  /** In front of a BMC of a vendor, with its console's port, or its own once more. */
  public ScopedGateway(String vendor, SimulatedBmc bmc, int consolePort) throws Exception {
    this.vendor = vendor;
    this.bmc = bmc;
    this.consolePort = consolePort;
    GatewayFixture.Builder builder = GatewayFixture.builder(bmc.port(), consolePort);
    Path example = Path.of("webapp-config", "vendors", vendor + ".yaml");
    gateway = (example.toFile().exists() ? builder.profile(example) : builder).start();
    client = new BmcClient("localhost:" + gateway.port());
  }

  /** From here on the client has a token with this scope. */
  public ScopedGateway with(String... scope) {
    token =
        Tokens.mint(
            bmc.port(),
            1800,
            claims ->
                claims
                    .claim("vendor", vendor)
                    .claim("console_port", consolePort)
                    .claim("scope", List.of(scope)));
    return this;
  }

  /** The gateway's port. */
  public int port() {
    return gateway.port();
  }

  /** The headers with the session's cookie among them. */
  public Map<String, String> in(Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.merge("Cookie", "pm-session=" + token, (theirs, ours) -> ours + "; " + theirs);
    return all;
  }

  /** A request to finish and send. */
  public Request request(String method, String target, Map<String, String> headers) {
    return client
        .request(method, target)
        .headers(fields -> in(headers).forEach(fields::put))
        .headers(fields -> fields.put("Origin", gateway.origin()));
  }

  /** The status of a request; one that isn't read has an empty body. */
  public int status(String call, Map<String, String> headers) throws Exception {
    String[] words = call.split(" ");
    boolean reads = words[0].equals("GET") || words[0].equals("HEAD");
    Request request = request(words[0], words[1], headers);
    return (reads ? request : request.body(new StringRequestContent("text/plain", "")))
        .send()
        .getStatus();
  }

  /** A body that is sent. */
  public ContentResponse send(String call, String type, String body, Map<String, String> headers)
      throws Exception {
    String[] words = call.split(" ");
    return request(words[0], words[1], headers).body(new StringRequestContent(type, body)).send();
  }

  /** An open socket. */
  public BmcClient.Socket open(String target, Map<String, String> headers, String... subprotocols)
      throws Exception {
    Map<String, String> all = in(headers);
    all.put("Origin", gateway.origin());
    return client.open(target, all, List.of(subprotocols));
  }

  /** The status of an upgrade that is refused. */
  public int refusal(String target, Map<String, String> headers) throws Exception {
    Map<String, String> all = in(headers);
    all.put("Origin", gateway.origin());
    return client.refusal(target, all);
  }

  /** Each call (SOCKET stands for an upgrade) is refused by the scope, and the BMC sees nothing. */
  public void assertRefused(Map<String, String> headers, String... calls) throws Exception {
    int before = bmc.recorder().requests().size();
    for (String call : calls) {
      boolean upgrade = call.startsWith("SOCKET ");
      int status =
          upgrade ? refusal(call.substring("SOCKET ".length()), headers) : status(call, headers);
      assertEquals(403, status, call);
    }
    assertEquals(before, bmc.recorder().requests().size());
  }

  @Override
  public void close() throws Exception {
    client.close();
    gateway.close();
  }
}
