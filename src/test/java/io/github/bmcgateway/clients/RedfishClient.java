package io.github.bmcgateway.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs redfishtool and python3-sushy as Debian ships them, and gives what they were answered.
 *
 * <p>A hook in Python's own start-up adds the gateway's cookie and records the answers; neither
 * client is changed. Certificates aren't checked, as neither client does it by default for a BMC. A
 * client that isn't installed fails the test with the command that installs it.
 */
final class RedfishClient {

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path REDFISHTOOL = Path.of("/usr/bin/redfishtool");
  private static final Path SUSHY = Path.of("/usr/lib/python3/dist-packages/sushy");
  private static final long PATIENCE_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a client must not see differ; the rest are the gateway's or the moment's. */
  private static final List<String> HEADERS =
      List.of("content-type", "etag", "odata-version", "link", "allow", "content-encoding");

  /** One answer as a client got it. */
  record Answer(String request, int status, Map<String, String> headers, byte[] body) {

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Where a client goes, and as whom; the cookie is empty where there is no gateway. */
  record Service(String authority, String cookie, String user, String password) {}

  private final Path folder;
  private final Service service;
  private final List<Answer> answers = new ArrayList<>();

  /**
   * @param folder for what the clients record; no other client writes there
   * @param service where the clients go
   */
  RedfishClient(Path folder, Service service) {
    this.folder = folder;
    this.service = service;
  }

  /** Every answer so far, in order. */
  List<Answer> answers() {
    return List.copyOf(answers);
  }

  /** Runs redfishtool with a session of its own; gives its output. */
  String redfishtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(REDFISHTOOL.toString(), "-A", "Session", "-S", "Always"));
    command.addAll(List.of("-r", service.authority()));
    command.addAll(List.of("-u", service.user(), "-p", service.password()));
    command.addAll(List.of(arguments));
    return run(REDFISHTOOL, "redfishtool", command);
  }

  /** Runs sushy's steps; gives what it printed. */
  String sushy(String assetTag) throws Exception {
    return run(
        SUSHY,
        "python3-sushy",
        List.of(
            PYTHON.toString(),
            resource("with_sushy.py").toString(),
            "https://" + service.authority(),
            service.user(),
            service.password(),
            assetTag));
  }

  private String run(Path tool, String debianPackage, List<String> command) throws Exception {
    if (!Files.exists(tool)) {
      throw new AssertionError(
          "%s is not installed. Install it with: apt-get install -y %s"
              .formatted(debianPackage, debianPackage));
    }
    Path record = folder.resolve("record.jsonl");
    Path output = folder.resolve("output.txt");
    Files.deleteIfExists(record);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PYTHONPATH", resource("sitecustomize.py").getParent().toString());
    environment.put("PYTHONWARNINGS", "ignore");
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.put("NO_PROXY", "*");
    // It would win over the clients' own switch, which says that certificates aren't checked.
    environment.keySet().removeAll(List.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"));
    environment.put("CLIENT_RECORD", record.toString());
    environment.put("CLIENT_COOKIE", service.cookie());
    await(builder.start());
    String printed = Files.readString(output);
    readAnswers(record, printed);
    return printed;
  }

  private static void await(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("The client didn't end in " + PATIENCE_SECONDS + " s");
    }
  }

  private void readAnswers(Path record, String printed) throws IOException {
    if (!Files.exists(record)) {
      throw new AssertionError("The client got no answer. It printed: " + printed);
    }
    for (String line : Files.readAllLines(record)) {
      JsonNode answer = JSON.readTree(line);
      assertEquals(service.authority(), answer.get("authority").asText(), line);
      Map<String, String> headers = new TreeMap<>();
      HEADERS.forEach(
          name ->
              Optional.ofNullable(answer.at("/headers/" + name).textValue())
                  .ifPresent(value -> headers.put(name, comparable(name, value))));
      answers.add(
          new Answer(
              answer.get("method").asText() + " " + answer.get("path").asText(),
              answer.get("status").asInt(),
              headers,
              HexFormat.of().parseHex(answer.get("body").asText())));
    }
  }

  /** The container writes a content type anew: no blank, the charset in lower case. */
  private static String comparable(String name, String value) {
    return name.equals("content-type") ? value.replace(" ", "").toLowerCase(Locale.ROOT) : value;
  }

  private static Path resource(String name) throws URISyntaxException {
    URL found = RedfishClient.class.getResource("/clients/" + name);
    return Path.of(found.toURI());
  }
}
