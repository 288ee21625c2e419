package io.github.bmcgateway.console;

import jakarta.servlet.ServletRequest;
import java.util.Optional;

/**
 * What another server between the browser and this gateway means for a console. Travels as an
 * attribute of the request; without one the browser speaks for itself.
 *
 * @param takesSubprotocol whether that server takes a subprotocol in the answer
 * @param refusal what a browser is told when the BMC refuses its socket, as the reason of the close
 *     frame, at most 123 bytes; empty to pass the BMC's status on, as no browser shows it
 */
public record Mediation(boolean takesSubprotocol, Optional<String> refusal) {
  private static final String ATTRIBUTE = Mediation.class.getName();
  private static final Mediation NONE =
      new Mediation(/* takesSubprotocol= */ true, Optional.empty());

  /** Lets the console find it. */
  public void attachTo(ServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  static Mediation of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Mediation found ? found : NONE;
  }

  /** What is answered of the subprotocol that the BMC chose. */
  Optional<String> answered(Optional<String> chosen) {
    return takesSubprotocol ? chosen : Optional.empty();
  }
}
