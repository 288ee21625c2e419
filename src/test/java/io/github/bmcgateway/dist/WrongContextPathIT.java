package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WAR deployed anywhere but at the root, where a BMC's pages can't work. */
class WrongContextPathIT {

  @TempDir Path folder;

  @Test
  void refusesWithAPageAndALogLineThatSayHowToMakeItRoot() throws Exception {
    try (Tomcat tomcat = Tomcat.prepare(10, folder, "bmc-gateway.war", Map.of())) {
      tomcat.start();

      HttpResponse<byte[]> answer = tomcat.browser().get("/bmc-gateway/", Map.of());

      String body = new String(answer.body(), StandardCharsets.UTF_8);
      assertEquals(503, answer.statusCode(), body);
      assertTrue(body.contains("not_root"), body);
      assertTrue(body.contains("ROOT.war"), body);
      assertTrue(tomcat.process().output().contains("ROOT.war"), tomcat.process()::output);
    }
  }
}
