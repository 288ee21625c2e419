package io.github.bmcgateway.dist;

import java.nio.file.Path;
import java.security.KeyStore;

/** Behind Debian's haproxy with {@code webapp-config/}'s example. */
class BehindHaproxyIT extends BehindProxy {
  @Override
  FrontProxy start(Path folder, KeyStore keys, int gatewayPort, KeyStore gatewayKeys)
      throws Exception {
    return FrontProxy.haproxy(folder, keys, gatewayPort, gatewayKeys);
  }
}
