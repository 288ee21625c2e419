package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.MovingPicture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * {@code /kvm}: greets, takes a one-time token, then sends a moving picture and takes keys.
 *
 * <p>Notes {@code "validated"}, {@code "keep-alive"}, {@code "key <usage>"}, {@code "mouse <x>
 * <y>"} and {@code "goodbye"}.
 */
final class KvmSocket extends WireSocket {

  private static final int SHORT_VALIDATION = 373;
  private static final int LONG_VALIDATION = 438;
  private static final int TOKEN = 129;
  private static final int ADDRESS = 65;
  private static final int USER = 129;

  private final AsrockrackOptions options;
  private final ConsoleTokens tokens;
  private final VideoPackets video;
  private final Runnable onGone;
  private final Ivtp.Stream stream = new Ivtp.Stream();
  private boolean completed;
  private boolean validated;
  private boolean resumed;
  private volatile boolean streaming;
  private volatile long aliveNanos = System.nanoTime();
  private long frame;

  KvmSocket(
      AsrockrackOptions options, ConsoleTokens tokens, MovingPicture picture, Runnable onGone) {
    this.options = options;
    this.tokens = tokens;
    this.video = new VideoPackets(picture);
    this.onGone = onGone;
  }

  @Override
  protected void opened() throws IOException {
    if (options.videoDown()) {
      send(Ivtp.Packet.of(Ivtp.CONNECTION_FAILED, 0).bytes());
      leave();
      return;
    }
    send(Ivtp.Packet.of(Ivtp.CONNECTION_ALLOWED, 2).bytes());
    every(options.frameInterval().toMillis(), this::tick);
  }

  private void tick() throws IOException {
    if (System.nanoTime() - aliveNanos > options.keepAliveLimit().toNanos()) {
      event("no keep-alive");
      send(Ivtp.Packet.of(Ivtp.STOP_SESSION, 0).bytes());
      hangUp();
    } else if (streaming) {
      frame++;
      send(video.changed(frame - 1, frame).bytes());
    }
  }

  @Override
  protected void received(byte[] bytes) throws IOException {
    Optional<List<Ivtp.Packet>> packets = stream.add(bytes);
    if (packets.isEmpty()) {
      refuse("The console's stream is out of step");
      return;
    }
    for (Ivtp.Packet packet : packets.get()) {
      if (!isGone()) {
        packet(packet);
      }
    }
  }

  private void packet(Ivtp.Packet packet) throws IOException {
    switch (packet.command()) {
      case Ivtp.CONNECTION_COMPLETE -> completed = packet.status() == 1;
      case Ivtp.VALIDATE_VIDEO_SESSION -> validate(packet.payload());
      case Ivtp.RESUME_REDIRECTION -> resumed = true;
      case Ivtp.KEEP_ALIVE -> {
        aliveNanos = System.nanoTime();
        event("keep-alive");
      }
      case Ivtp.STOP_SESSION -> {
        event("goodbye");
        leave();
      }
      default -> serve(packet);
    }
  }

  /** What only a validated viewer may ask for. */
  private void serve(Ivtp.Packet packet) throws IOException {
    if (!validated) {
      refuse("Command " + packet.command() + " before validation");
      return;
    }
    switch (packet.command()) {
      case Ivtp.POWER_STATUS -> send(Ivtp.Packet.of(Ivtp.POWER_STATUS, 1).bytes());
      case Ivtp.GET_WEB_TOKEN -> send(Ivtp.Packet.of(Ivtp.GET_WEB_TOKEN, 0).bytes());
      case Ivtp.GET_FULL_SCREEN -> fullScreen();
      case Ivtp.HID ->
          HidReport.describe(packet.payload()).ifPresentOrElse(this::event, this::badReport);
      case Ivtp.DISPLAY_LOCK_SET, Ivtp.GET_USER_MACRO, Ivtp.SET_NEXT_MASTER ->
          event("command " + packet.command());
      default -> refuse("Unknown command " + packet.command());
    }
  }

  private void badReport() {
    violation("Broken input report");
  }

  private void refuse(String why) {
    violation(why);
    leave();
  }

  /** The whole picture and, in the same message, the packet after it. */
  private void fullScreen() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(video.whole(frame).bytes());
    both.writeBytes(Ivtp.Packet.of(Ivtp.POWER_STATUS, 1).bytes());
    send(both.toByteArray());
    streaming = resumed;
  }

  private void validate(byte[] payload) throws IOException {
    boolean sized = payload.length == SHORT_VALIDATION || payload.length == LONG_VALIDATION;
    if (!sized || !completed || !isRight(payload)) {
      event("refused");
      send(Ivtp.Packet.of(Ivtp.VALIDATED, 0, 0, 0).bytes());
      leave();
      return;
    }
    validated = true;
    event("validated");
    send(Ivtp.Packet.of(Ivtp.VALIDATED, 0, 1, 0).bytes());
    send(Ivtp.Packet.of(Ivtp.KVM_SHARING, 0, 0).bytes());
    send(Ivtp.Packet.of(Ivtp.MEDIA_LICENSE_STATUS, 0, 1).bytes());
  }

  private boolean isRight(byte[] payload) {
    Optional<ConsoleTokens.Issued> issued = tokens.take(text(payload, 1, TOKEN));
    String address = text(payload, 1 + TOKEN, ADDRESS);
    String user = text(payload, 1 + TOKEN + ADDRESS, USER);
    boolean ownServer =
        payload.length == SHORT_VALIDATION
            || issued
                .map(ConsoleTokens.Issued::serverIp)
                .filter(text(payload, SHORT_VALIDATION, ADDRESS)::equals)
                .isPresent();
    return ownServer
        && issued.map(ConsoleTokens.Issued::clientIp).filter(address::equals).isPresent()
        && user.endsWith(options.user());
  }

  private static String text(byte[] payload, int start, int length) {
    int end = start;
    while (end < start + length && payload[end] != 0) {
      end++;
    }
    return new String(payload, start, end - start, StandardCharsets.US_ASCII);
  }

  @Override
  protected void ended() {
    onGone.run();
  }
}
