package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.MovingPicture;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The unit's WebSockets: AMI's checks of an upgrade, the limits, and who serves what. */
final class Sockets {

  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern OFFERS_BINARY = Pattern.compile("(.*[, ])?binary([, ].*)?");

  private final AsrockrackOptions options;
  private final WebSessions sessions;
  private final ServiceSessions services;
  private final ConsoleTokens tokens;
  private final MovingPicture picture;
  private final Set<String> media = new HashSet<>();
  private int inUse;

  Sockets(
      AsrockrackOptions options,
      WebSessions sessions,
      ServiceSessions services,
      ConsoleTokens tokens) {
    this.options = options;
    this.sessions = sessions;
    this.services = services;
    this.tokens = tokens;
    picture =
        new MovingPicture(
            800, 600, options.tag(), List.of("E3C246D4I-NL", "MEGARAC SP-X", "POST CODE A0"));
  }

  Answer answer(WireRequest request) {
    int refusal = refusal(request);
    if (refusal != 0) {
      return Answer.Reply.page(refusal).closing();
    }
    String head = accepted(request);
    if (request.path().endsWith("sol")) {
      return new Answer.Upgrade(head, new SerialSocket());
    }
    return take() ? new Answer.Upgrade(head, pooled(request)) : new Answer.Broken(head + NINTH);
  }

  /** Status of the refusal; 0 to go on. */
  private int refusal(WireRequest request) {
    if (named(request, "Host").isEmpty() || isMissingOrigin(request)) {
      return 400;
    }
    if (named(request, "Sec-WebSocket-Key").isEmpty()) {
      boolean other =
          request.header("Sec-WebSocket-Key").isPresent()
              && request.exact("sec-websocket-key").isEmpty();
      return other ? 503 : 400;
    }
    if (!named(request, "Sec-WebSocket-Version").filter("13"::equals).isPresent()) {
      return 503;
    }
    Optional<WebSessions.Session> session = sessions.byCookie(request);
    if (options.has(Quirk.UPGRADE_NEEDS_SESSION) && session.isEmpty()) {
      return 401;
    }
    boolean wrongToken =
        request.path().equals("/sol")
            && !request.query("CSRFTOKEN").equals(session.map(WebSessions.Session::token));
    return wrongToken && options.has(Quirk.UPGRADE_NEEDS_SESSION) ? 401 : 0;
  }

  private boolean isMissingOrigin(WireRequest request) {
    return options.has(Quirk.UPGRADE_NEEDS_ORIGIN)
        && named(request, "Origin").filter(value -> !value.isEmpty()).isEmpty();
  }

  private Optional<String> named(WireRequest request, String name) {
    return options.has(Quirk.CASE_SENSITIVE_UPGRADE) ? request.exact(name) : request.header(name);
  }

  private String accepted(WireRequest request) {
    String offer = request.header("Sec-WebSocket-Protocol").orElse("");
    boolean binary = options.has(Quirk.ALWAYS_BINARY) || OFFERS_BINARY.matcher(offer).matches();
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept(request.header("Sec-WebSocket-Key").orElseThrow())
        + "\r\n"
        + (binary ? "Sec-WebSocket-Protocol: binary\r\n" : "")
        + "\r\n";
  }

  static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized boolean take() {
    if (options.has(Quirk.NINTH_SOCKET_GETS_HTTP) && inUse >= options.socketPool()) {
      return false;
    }
    inUse++;
    return true;
  }

  private synchronized void release() {
    inUse--;
  }

  private WireSocket pooled(WireRequest request) {
    boolean console = request.path().equals("/kvm");
    int service =
        console
            ? ServiceSessions.KVM
            : request.path().equals("/cd-server") ? ServiceSessions.CD : ServiceSessions.HARD_DISK;
    int entry = services.begin(service, request.remoteAddress());
    Runnable onGone =
        () -> {
          services.end(entry);
          release();
        };
    return console
        ? new KvmSocket(options, tokens, picture, onGone)
        : new MediaSocket(tokens, new MediaSlot(request.path()), options.mediaReadBytes(), onGone);
  }

  /** The one context that the unit has for a kind of medium. */
  private final class MediaSlot implements MediaSocket.Slot {

    private final String path;
    private boolean taken;

    MediaSlot(String path) {
      this.path = path;
    }

    @Override
    public boolean take() {
      synchronized (media) {
        taken = media.add(path);
        return taken;
      }
    }

    @Override
    public void release() {
      synchronized (media) {
        if (taken) {
          media.remove(path);
        }
      }
    }
  }

  /** What AMI's module sends on a WebSocket that it has accepted but has no room for. */
  private static final String NINTH =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "15\r\nToo many connections.\r\n0\r\n\r\n";
}
