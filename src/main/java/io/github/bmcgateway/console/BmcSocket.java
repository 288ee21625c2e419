package io.github.bmcgateway.console;

/**
 * The BMC's end of a console. Nothing here blocks; a new {@link #send} begins only when the one
 * before has completed, anything else may be called at any time from any thread.
 */
interface BmcSocket {
  /** Stands in until a connection to the BMC is begun. */
  BmcSocket NONE =
      new BmcSocket() {
        @Override
        public void demand() {}

        @Override
        public void send(Part part, Sent sent) {
          sent.failed(new IllegalStateException("not open"));
        }

        @Override
        public void close(Close close) {}

        @Override
        public void abort() {}
      };

  /** Asks for one more piece or event; never while one is outstanding. */
  void demand();

  /** Sends a piece of a message. */
  void send(Part part, Sent sent);

  /** Begins the closing handshake; idempotent. */
  void close(Close close);

  /** Drops the connection, or the attempt to make one, without a handshake; idempotent. */
  void abort();
}
