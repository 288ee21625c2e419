package io.github.bmcgateway.console;

/**
 * The browser's end of a console. Nothing here blocks; a new {@link #send} begins only when the one
 * before has completed, anything else may be called at any time from any thread.
 */
interface BrowserSocket {
  /** Stands in until the browser's socket is open. */
  BrowserSocket NONE =
      new BrowserSocket() {
        @Override
        public void send(Part part, Sent sent) {
          sent.failed(new IllegalStateException("not open"));
        }

        @Override
        public void ping() {}

        @Override
        public void close(Close close) {}

        @Override
        public void abort() {}
      };

  /**
   * Sends a piece of a message.
   *
   * @param sent told when the bytes are gone; fails with a {@link
   *     java.nio.charset.CharacterCodingException} when the text isn't UTF-8
   */
  void send(Part part, Sent sent);

  /** Sends a ping if nothing else is being sent. */
  void ping();

  /** Begins the closing handshake; idempotent. */
  void close(Close close);

  /** Drops the connection without a handshake, as far as the container can. */
  void abort();
}
