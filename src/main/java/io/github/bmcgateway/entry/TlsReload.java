package io.github.bmcgateway.entry;

import io.github.bmcgateway.proxy.BmcClients;
import java.util.List;
import org.eclipse.jetty.client.HttpClient;

/** Takes up what changed settings say of the TLS and the certificates of BMCs. */
final class TlsReload {
  private TlsReload() {}

  /**
   * Makes it ready, which changes nothing yet.
   *
   * @return puts it in force; can't fail
   * @throws RefusedSettingsException the TLS of legacy BMCs is needed and can't be loaded
   */
  static Runnable prepare(HttpClient client, Settings next) throws RefusedSettingsException {
    try {
      return BmcClients.prepare(client, next.config().bmc());
    } catch (IllegalStateException e) {
      throw new RefusedSettingsException(List.of("bmc.overrides: " + e.getMessage()));
    }
  }
}
