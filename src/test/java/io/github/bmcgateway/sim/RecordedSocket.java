package io.github.bmcgateway.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * One WebSocket that a simulated BMC accepted: its upgrade request, what passed, how it ended.
 * Thread-safe.
 */
public final class RecordedSocket {

  private final RecordedRequest upgrade;
  private final List<String> events = new ArrayList<>();
  private long framesIn;
  private long framesOut;
  private long bytesIn;
  private long bytesOut;
  private boolean open = true;
  private int closeCode;

  /** A socket that was just opened by the request. */
  public RecordedSocket(RecordedRequest upgrade) {
    this.upgrade = upgrade;
  }

  /** The request that opened the socket. */
  public RecordedRequest upgrade() {
    return upgrade;
  }

  /** Frames received, control frames included. */
  public synchronized long framesIn() {
    return framesIn;
  }

  /** Data frames sent. */
  public synchronized long framesOut() {
    return framesOut;
  }

  /** Payload bytes received. */
  public synchronized long bytesIn() {
    return bytesIn;
  }

  /** Payload bytes sent. */
  public synchronized long bytesOut() {
    return bytesOut;
  }

  /** Whether the socket is still open. */
  public synchronized boolean isOpen() {
    return open;
  }

  /** The code it was closed with; 0 while open, 1006 where no close frame was seen. */
  public synchronized int closeCode() {
    return closeCode;
  }

  /**
   * What the vendor's protocol saw, in order, in its own words ({@code "handshake"}, {@code "key
   * 65"}, {@code "heartbeat"}, {@code "goodbye"} ...).
   */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** Counts a frame that came in. */
  public synchronized void received(long payloadBytes) {
    framesIn++;
    bytesIn += payloadBytes;
  }

  /** Counts a frame that went out. */
  public synchronized void sent(long payloadBytes) {
    framesOut++;
    bytesOut += payloadBytes;
  }

  /** Notes what the vendor's protocol saw. */
  public synchronized void event(String event) {
    events.add(event);
  }

  /** Notes the end: the code of the peer's close frame, 1006 where there was none. */
  public synchronized void closed(int code) {
    open = false;
    closeCode = code;
  }

  @Override
  public synchronized String toString() {
    return upgrade + (open ? " (open) " : " (closed " + closeCode + ") ") + events;
  }
}
