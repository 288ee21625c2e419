package io.github.bmcgateway.dist;

import io.github.bmcgateway.dist.OddHttp2Requests.OddHttp2Request;
import io.github.bmcgateway.dist.OddRequests.OddRequest;
import io.github.bmcgateway.dist.RawHttp2.Field;
import io.github.bmcgateway.sim.Recorder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;

/** Sends odd requests to a server and sees what becomes of them at the BMC behind it. */
final class ParserCheck {
  /** The request reached the BMC. */
  static final String SENT_ON = "sent on";

  /** Both requests reached the BMC. */
  static final String BOTH = "sent on, then the next";

  private static final String CLOSED = "closed";
  private static final int MAX_TRIES = 3;

  /** Who reads on to here closes. */
  private static final String LAST =
      "GET /.gateway/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 (\\d{3}) ");

  private final Browser browser;
  private final Recorder bmc;
  private final String cookie;

  ParserCheck(Browser browser, Recorder bmc, String cookie) {
    this.browser = browser;
    this.bmc = bmc;
    this.cookie = cookie;
  }

  /** What became of each, in a few words, by its name. */
  Map<String, String> http1(List<OddRequest> requests) throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    for (OddRequest request : requests) {
      answers.put(request.name(), answer("/http1-" + answers.size(), request));
    }
    return outcomes("/http1-", answers);
  }

  /** What became of each, in a few words, by its name. */
  Map<String, String> http2(List<OddHttp2Request> requests) throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    for (OddHttp2Request request : requests) {
      answers.put(request.name(), answer("/http2-" + answers.size(), request));
    }
    return outcomes("/http2-", answers);
  }

  private Map<String, String> outcomes(String mark, Map<String, String> answers) {
    Map<String, String> outcomes = new LinkedHashMap<>();
    answers.forEach((name, answer) -> outcomes.put(name, outcome(mark + outcomes.size(), answer)));
    return outcomes;
  }

  private String outcome(String target, String answer) {
    long sentOn = arrivals(target + "-case");
    long hidden = arrivals(target + "-hidden");
    if (sentOn > 1 || hidden > 1) {
      return "doubled";
    }
    if (hidden == 1) {
      return sentOn == 1 ? BOTH : answer + ", then the next sent on";
    }
    return sentOn == 1 ? SENT_ON : answer;
  }

  private long arrivals(String mark) {
    return bmc.requests().stream().filter(request -> request.target().contains(mark)).count();
  }

  /** A reset may overtake the answer and take it away: then it is asked for again. */
  private String answer(String target, OddRequest request) throws IOException {
    String answer = CLOSED;
    for (int i = 0; i < MAX_TRIES && answer.equals(CLOSED); i++) {
      answer = answerOnce(target, request);
    }
    return answer;
  }

  private String answerOnce(String target, OddRequest request) throws IOException {
    try (SSLSocket socket = browser.connect()) {
      socket.startHandshake();
      String bytes = filledIn(target, request.bytes() + LAST);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return status(readToEnd(socket.getInputStream()));
    }
  }

  private String answer(String target, OddHttp2Request request) throws IOException {
    try (RawHttp2 connection = new RawHttp2(browser)) {
      List<Field> fields =
          request.fields().stream()
              .map(each -> new Field(each.name(), filledIn(target, each.value())))
              .toList();
      return connection.ask(fields, request.body());
    }
  }

  private String filledIn(String target, String text) {
    return text.replace("{case}", target + "-case")
        .replace("{hidden}", target + "-hidden")
        .replace("{cookie}", cookie);
  }

  private static String readToEnd(InputStream in) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try {
      in.transferTo(read);
    } catch (IOException e) {
      // A reset: what came before it counts.
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  private static String status(String answer) {
    Matcher status = STATUS.matcher(answer);
    return status.find() ? status.group(1) : CLOSED;
  }
}
