package io.github.bmcgateway.ops;

import java.util.Optional;

/** Is told what requests and consoles do. Never waits; safe for use by several threads. */
interface RequestMeter {
  /** Takes no notice. */
  RequestMeter NONE =
      new RequestMeter() {
        @Override
        public void received(boolean socket, long bytes) {}

        @Override
        public void sent(boolean socket, long bytes) {}

        @Override
        public void over(Ended request) {}

        @Override
        public void consoleStarted() {}

        @Override
        public void consoleEnded(int closeCode) {}
      };

  /**
   * A request that is over.
   *
   * @param toBmc whether it was let through to its BMC
   * @param status the answer's
   * @param nanos how long it took
   * @param failure with what the gateway answered in place of the BMC, if it did
   * @param limit the bound that it was over, if that was it
   */
  record Ended(
      boolean toBmc, int status, long nanos, Optional<Failure> failure, Optional<Limit> limit) {}

  /** Bytes came from a browser, in a body or by a console's socket. */
  void received(boolean socket, long bytes);

  /** Bytes went to a browser. */
  void sent(boolean socket, long bytes);

  void over(Ended request);

  void consoleStarted();

  void consoleEnded(int closeCode);
}
