package io.github.bmcgateway.console;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.Budget;
import io.github.bmcgateway.target.VendorProfile.SocketRoute;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;

/** Where sockets are dialled, and how. Must be safe for use by several threads. */
public interface SocketWay {
  /**
   * The started client, which sends targets byte for byte and handles 101 answers; asked when the
   * first socket is opened.
   */
  HttpClient client();

  /**
   * Scheme, host and port. The scheme is {@code wss} so that handshakes have connections of their
   * own and don't queue behind pages.
   */
  URI origin(BmcRequest to, SocketRoute route);

  /** What the connections there have to keep to together; empty where nothing bounds them. */
  default Optional<Budget> budget(BmcRequest to) {
    return Optional.empty();
  }

  /** The target that is asked for there. */
  String target(HttpServletRequest browser, BmcRequest to, SocketRoute route);

  /** Fills in the headers, as {@link UpgradeHeaders#apply}. */
  void headers(
      HttpServletRequest browser, BmcRequest to, SocketRoute route, HttpFields.Mutable headers);

  /** What a failure to open a socket means. */
  Failure failure(Throwable thrown);
}
