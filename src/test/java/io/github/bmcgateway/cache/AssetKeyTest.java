package io.github.bmcgateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.PublicOrigin;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssetKeyTest {
  static AssetKey key(String target) throws Exception {
    return new AssetKey(address("10.0.0.5", 443, ""), "p1", origin("pm.example"), target, true);
  }

  private static BmcAddress address(String ip, int port, String host) throws Exception {
    return new BmcAddress(
        InetAddress.getByName(ip), port, host.isEmpty() ? Optional.empty() : Optional.of(host));
  }

  private static PublicOrigin origin(String host) {
    return new PublicOrigin("https", host, 443);
  }

  @Test
  void whateverTheBytesDependOnMakesAnotherKey() throws Exception {
    PublicOrigin origin = origin("pm.example");
    List<AssetKey> keys =
        List.of(
            key("/a.js"),
            key("/b.js"),
            new AssetKey(address("10.0.0.6", 443, ""), "p1", origin, "/a.js", true),
            new AssetKey(address("10.0.0.5", 444, ""), "p1", origin, "/a.js", true),
            new AssetKey(address("10.0.0.5", 443, "bmc5"), "p1", origin, "/a.js", true),
            new AssetKey(address("10.0.0.6", 443, "10.0.0.5"), "p1", origin, "/a.js", true),
            new AssetKey(address("10.0.0.5", 443, ""), "p2", origin, "/a.js", true),
            new AssetKey(address("10.0.0.5", 443, ""), "p1", origin("x.example"), "/a.js", true),
            new AssetKey(
                address("10.0.0.5", 443, ""),
                "p1",
                new PublicOrigin("https", "pm.example", 8443),
                "/a.js",
                true),
            new AssetKey(
                address("10.0.0.5", 443, ""),
                "p1",
                new PublicOrigin("http", "pm.example", 443),
                "/a.js",
                true),
            new AssetKey(address("10.0.0.5", 443, ""), "p1", origin, "/a.js", false));

    Set<AssetKey> different = new HashSet<>(keys);
    Set<String> salts = new HashSet<>();
    keys.forEach(key -> salts.add(key.salt()));
    assertEquals(keys.size(), different.size());
    assertEquals(keys.size(), salts.size());
    assertEquals(key("/a.js"), key("/a.js"));
    assertEquals(key("/a.js").salt(), key("/a.js").salt());
  }
}
