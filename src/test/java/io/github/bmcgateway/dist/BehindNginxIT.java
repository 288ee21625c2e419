package io.github.bmcgateway.dist;

import java.nio.file.Path;
import java.security.KeyStore;

/** Behind Debian's nginx with {@code webapp-config/}'s example. */
class BehindNginxIT extends BehindProxy {
  @Override
  FrontProxy start(Path folder, KeyStore keys, int gatewayPort, KeyStore gatewayKeys)
      throws Exception {
    return FrontProxy.nginx(folder, keys, gatewayPort, gatewayKeys);
  }
}
