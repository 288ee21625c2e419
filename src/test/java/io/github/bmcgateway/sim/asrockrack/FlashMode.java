package io.github.bmcgateway.sim.asrockrack;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The firmware update of board controller and BIOS: enter flash mode, upload, verify, upgrade,
 * poll, reset. While it goes on, nobody can log in. Thread-safe.
 */
final class FlashMode {

  private static final String BMC = "/api/maintenance/firmware";
  private static final String BIOS = "/api/asrr/maintenance/BIOS";
  private static final int PERCENT_PER_POLL = 34;

  private enum State {
    OFF,
    ENTERED,
    UPLOADED,
    VERIFIED,
    FLASHING
  }

  private final AsrockrackOptions options;
  private State state = State.OFF;
  private int percent;
  private Optional<AsrockrackSimulator.Upload> upload = Optional.empty();

  FlashMode(AsrockrackOptions options) {
    this.options = options;
  }

  synchronized boolean isOn() {
    return state != State.OFF;
  }

  synchronized Optional<AsrockrackSimulator.Upload> upload() {
    return upload;
  }

  /** Whether a call is part of the update; the only ones that work while it goes on. */
  static boolean owns(String path) {
    return path.startsWith("/api/maintenance/") || path.startsWith(BIOS);
  }

  Answer.Reply answer(WireRequest request) throws IOException {
    return switch (request.call()) {
      case "PUT /api/maintenance/flash" -> enter();
      case "POST " + BMC, "POST " + BMC + "/firmware", "POST " + BIOS + "/firmware" ->
          receive(request);
      case "GET " + BMC + "/verification" -> verify();
      case "PUT " + BMC + "/upgrade" -> upgrade(request, "flash_status");
      case "POST " + BIOS + "/configuration" -> ApiHeaders.json(200, Map.of("response", 1));
      case "POST " + BIOS + "/upgrade" -> upgrade(request, "action");
      case "GET " + BMC + "/flash-progress", "GET " + BIOS + "/flash-progress" -> progress();
      default -> ApiHeaders.json(404, JsonText.object("error", "Not found", "code", 404));
    };
  }

  private Answer.Reply enter() {
    LockSupport.parkNanos(options.flashPreparation().toNanos());
    synchronized (this) {
      state = State.ENTERED;
    }
    return done();
  }

  private Answer.Reply receive(WireRequest request) throws IOException {
    long length = request.header("Content-Length").map(Long::parseLong).orElse(0L);
    if (length > options.maxUploadBytes()) {
      return ApiHeaders.json(413, Map.of("cc", 6));
    }
    boolean bios = request.path().startsWith(BIOS);
    Optional<AsrockrackSimulator.Upload> image =
        FormUpload.read(request.header("Content-Type").orElse(""), request.body(), "fwimage");
    synchronized (this) {
      if (image.isEmpty() || (!bios && state != State.ENTERED)) {
        return ApiHeaders.json(400, JsonText.object("cc", 1, "error", "No image is expected"));
      }
      upload = image;
      state = State.UPLOADED;
    }
    return done();
  }

  private synchronized Answer.Reply verify() {
    if (state != State.UPLOADED) {
      return outOfTurn();
    }
    state = State.VERIFIED;
    return ApiHeaders.json(
        200,
        List.of(
            JsonText.object(
                "id", 1,
                "current_image_name", "ast2500e",
                "current_image_version1", "0.01.00",
                "current_image_version2", "",
                "new_image_version", "0.02.00",
                "section_status", 0,
                "verification_status", 5)));
  }

  private Answer.Reply upgrade(WireRequest request, String field) throws IOException {
    boolean asked = JsonText.parse(request.bodyText()).has(field);
    synchronized (this) {
      if (!asked || (state != State.VERIFIED && state != State.UPLOADED)) {
        return outOfTurn();
      }
      state = State.FLASHING;
      percent = 0;
    }
    return done();
  }

  private synchronized Answer.Reply progress() {
    if (state != State.FLASHING) {
      return outOfTurn();
    }
    percent = Math.min(100, percent + PERCENT_PER_POLL);
    boolean complete = percent == 100;
    return ApiHeaders.json(
        200,
        JsonText.object(
            "id",
            1,
            "action",
            "Flashing...",
            "progress",
            complete ? "Complete...      " : percent + "% done         ",
            "state",
            complete ? 2 : 0));
  }

  /** The unit restarts: flash mode is over. */
  synchronized void reset() {
    state = State.OFF;
  }

  private static Answer.Reply done() {
    return ApiHeaders.json(200, Map.of("cc", 0));
  }

  private static Answer.Reply outOfTurn() {
    return ApiHeaders.json(400, JsonText.object("cc", 1, "error", "Out of turn"));
  }
}
