package io.github.bmcgateway.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Quirk;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions at a BMC don't outlive the gateway's sessions under which they were opened. */
class BmcSessionHygieneTest {
  private static final String IDRAC9_LOGIN = "/sysmgmt/2015/bmc/session";

  /** A simulated BMC, and how one logs in there. */
  private record Unit(
      AutoCloseable bmc,
      String vendor,
      int port,
      IntSupplier sessions,
      String path,
      String headers,
      String body)
      implements AutoCloseable {
    @Override
    public void close() throws Exception {
      bmc.close();
    }

    String session(long seconds) {
      return "Cookie: pm-session="
          + Tokens.mint(port, seconds, claims -> claims.claim("vendor", vendor))
          + "\r\n";
    }

    RawClient.Answer logIn(RawClient browser, String session) throws IOException {
      browser.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\n"
              + session
              + headers
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return browser.answer();
    }
  }

  private enum Vendor {
    IDRAC8 {
      @Override
      Unit start() throws Exception {
        Idrac8Simulator bmc = Idrac8Simulator.builder().start();
        String form = "user=" + bmc.user() + "&password=" + bmc.password();
        return new Unit(bmc, "idrac8", bmc.port(), bmc::sessionsInUse, "/data/login", FORM, form);
      }
    },
    IDRAC9 {
      @Override
      Unit start() throws Exception {
        Idrac9Simulator bmc = Idrac9Simulator.builder().start();
        String headers = "user: \"" + bmc.user() + "\"\r\npassword: \"" + bmc.password() + "\"\r\n";
        return new Unit(bmc, "idrac9", bmc.port(), bmc::sessionsInUse, IDRAC9_LOGIN, headers, "");
      }
    },
    ILO5 {
      @Override
      Unit start() throws Exception {
        Ilo5Simulator bmc = Ilo5Simulator.builder().start();
        String json =
            "{\"method\":\"login\",\"user_login\":\"%s\",\"password\":\"%s\"}"
                .formatted(bmc.user(), bmc.password());
        return new Unit(
            bmc, "ilo5", bmc.port(), bmc::sessionsInUse, "/json/login_session", JSON, json);
      }
    },
    ASROCKRACK {
      @Override
      Unit start() throws Exception {
        AsrockrackSimulator bmc = AsrockrackSimulator.builder().start();
        String form = "username=" + bmc.user() + "&password=" + bmc.password() + "&certlogin=0";
        return new Unit(
            bmc,
            "asrockrack",
            bmc.port(),
            bmc::sessionsInUse,
            "/api/session",
            FORM + "X-CSRFTOKEN: null\r\n",
            form);
      }
    },
    ILO5_OTHER_NAME_OF_THE_KEY {
      @Override
      Unit start() throws Exception {
        Ilo5Simulator bmc = Ilo5Simulator.builder().with(Ilo5Quirk.SHORT_KEY_NAME).start();
        String json =
            "{\"method\":\"login\",\"user_login\":\"%s\",\"password\":\"%s\"}"
                .formatted(bmc.user(), bmc.password());
        return new Unit(
            bmc, "ilo5", bmc.port(), bmc::sessionsInUse, "/json/login_session", JSON, json);
      }
    },
    IDRAC8_REDFISH {
      @Override
      Unit start() throws Exception {
        Idrac8Simulator bmc = Idrac8Simulator.builder().start();
        return new Unit(
            bmc,
            "idrac8",
            bmc.port(),
            bmc::sessionsInUse,
            "/redfish/v1/Sessions",
            JSON,
            redfish(bmc.user(), bmc.password()));
      }
    },
    IDRAC9_REDFISH {
      @Override
      Unit start() throws Exception {
        Idrac9Simulator bmc = Idrac9Simulator.builder().start();
        return new Unit(
            bmc,
            "idrac9",
            bmc.port(),
            bmc::sessionsInUse,
            "/redfish/v1/SessionService/Sessions",
            JSON,
            redfish(bmc.user(), bmc.password()));
      }
    },
    ASROCKRACK_REDFISH {
      @Override
      Unit start() throws Exception {
        AsrockrackSimulator bmc = AsrockrackSimulator.builder().start();
        return new Unit(
            bmc,
            "asrockrack",
            bmc.port(),
            bmc::redfishSessionsInUse,
            "/redfish/v1/SessionService/Sessions",
            JSON,
            redfish(bmc.user(), bmc.password()));
      }
    };

    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    abstract Unit start() throws Exception;

    private static String redfish(String user, String password) {
      return "{\"UserName\":\"%s\",\"Password\":\"%s\"}".formatted(user, password);
    }
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void aLogoutHereFreesTheSlotsOfAFullPoolThere(Vendor vendor) throws Exception {
    try (Unit unit = vendor.start();
        GatewayFixture gateway = GatewayFixture.start(unit.port());
        RawClient browser = new RawClient(gateway.port())) {
      String session = unit.session(600);
      int before = -1;
      while (unit.sessions().getAsInt() > before) {
        before = unit.sessions().getAsInt();
        unit.logIn(browser, session);
      }
      assertTrue(before > 1, () -> "no pool");
      assertEquals(200, browser.request("POST", "/.gateway/logout", session).status());
      Eventually.holds("the pool is empty", () -> unit.sessions().getAsInt() == 0);
      unit.logIn(browser, unit.session(600));
      assertEquals(1, unit.sessions().getAsInt());
    }
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void aShutdownEndsThem(Vendor vendor) throws Exception {
    try (Unit unit = vendor.start()) {
      try (GatewayFixture gateway = GatewayFixture.start(unit.port());
          RawClient browser = new RawClient(gateway.port())) {
        String session = unit.session(600);
        unit.logIn(browser, session);
        assertEquals(1, unit.sessions().getAsInt());
        // Served only when the login's exchange is wholly over.
        browser.get("/.gateway/session", session);
      }
      Eventually.holds("the pool is empty", () -> unit.sessions().getAsInt() == 0);
    }
  }

  @Test
  void theExpiryOfTheLastTokenThatUsedItEndsIt() throws Exception {
    try (Unit unit = Vendor.IDRAC9.start();
        GatewayFixture gateway = GatewayFixture.start(unit.port());
        RawClient browser = new RawClient(gateway.port())) {
      // Long enough for two logins on a busy machine.
      String early = unit.session(5);
      String late = unit.session(600);
      RawClient.Answer login = unit.logIn(browser, early);
      assertEquals(201, login.status());
      String cookie = login.values("Set-Cookie").get(0).split(";")[0];
      browser.get("/sysmgmt/2015/bmc/info", late.replace("\r\n", "; " + cookie + "\r\n"));
      unit.logIn(browser, early);
      assertEquals(2, unit.sessions().getAsInt());
      Eventually.holds("the other has ended", () -> unit.sessions().getAsInt() == 1);
      browser.request("POST", "/.gateway/logout", late);
      Eventually.holds("the pool is empty", () -> unit.sessions().getAsInt() == 0);
    }
  }

  @Test
  void whatTheUserEndedHimselfIsNotEndedAgain() throws Exception {
    AtomicInteger logins = new AtomicInteger();
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> idrac9(exchange, logins))) {
      try (GatewayFixture gateway = GatewayFixture.start(bmc.port());
          RawClient browser = new RawClient(gateway.port())) {
        String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "idrac9");
        browser.request("POST", IDRAC9_LOGIN, session + "\r\nContent-Length: 0\r\n");
        browser.request("DELETE", IDRAC9_LOGIN, session + "; -http-session-=1::abcdefgh\r\n");
        browser.request("POST", IDRAC9_LOGIN, session + "\r\nContent-Length: 0\r\n");
        browser.request("POST", "/.gateway/logout", session + "\r\n");
      }
      // The gateway has stopped, and waited for what it sent.
      List<String> ended =
          bmc.exchanges().stream()
              .filter(exchange -> exchange.requestLine().startsWith("DELETE " + IDRAC9_LOGIN))
              .map(exchange -> exchange.values("Cookie").get(0))
              .toList();
      assertEquals(List.of("-http-session-=1::abcdefgh", "-http-session-=2::abcdefgh"), ended);
    }
  }

  @Test
  void oneThatTheVisitorHadBeforeTheLoginIsEndedToo() throws Exception {
    try (Idrac8Simulator bmc = Idrac8Simulator.builder().earlyCookie().start();
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "idrac8");
      String early =
          browser.get("/login.html", session + "\r\n").values("Set-Cookie").get(0).split(";")[0];
      String form = "user=" + bmc.user() + "&password=" + bmc.password();
      browser.send(
          "POST /data/login HTTP/1.1\r\nHost: localhost\r\n"
              + session
              + "; a=b; "
              + early
              + "\r\nContent-Length: "
              + form.length()
              + "\r\n\r\n"
              + form);
      assertTrue(browser.answer().text().contains("<authResult>0<"));
      assertEquals(1, bmc.sessionsInUse());
      browser.request("POST", "/.gateway/logout", session + "\r\n");
      Eventually.holds("the pool is empty", () -> bmc.sessionsInUse() == 0);
    }
  }

  @Test
  void nothingDisturbsAnUploadNorWhatTheBmcMakesOfIt() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger logins = new AtomicInteger();
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange -> {
              if (exchange.requestLine().contains("/upload")) {
                exchange.body();
                await(gate);
              }
              idrac9(exchange, logins);
            })) {
      try (GatewayFixture gateway = GatewayFixture.start(bmc.port());
          RawClient browser = new RawClient(gateway.port());
          RawClient other = new RawClient(gateway.port())) {
        String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "idrac9") + "\r\n";
        String uploading = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "idrac9") + "\r\n";
        browser.request("POST", IDRAC9_LOGIN, session + "Content-Length: 0\r\n");
        other.request("POST", IDRAC9_LOGIN, uploading + "Content-Length: 0\r\n");
        byte[] image = new byte[2 * 1024 * 1024];
        other.send(
            "POST /upload HTTP/1.1\r\nHost: localhost\r\n"
                + uploading
                + "Content-Length: "
                + image.length
                + "\r\n\r\n"
                + new String(image, StandardCharsets.ISO_8859_1));
        Eventually.holds("the upload at the BMC", () -> bmc.exchanges().size() == 3);
        browser.request("POST", "/.gateway/logout", session);
        assertEquals(200, browser.get("/page", uploading).status());
        gate.countDown();
        assertEquals(200, other.answer().status());
        browser.request("POST", "/.gateway/logout", uploading);
      }
      // The gateway has stopped, and waited for what it sent.
      assertEquals(4, bmc.exchanges().size());
    }
  }

  @Test
  void anUploadThatNeverWentOutKeepsNobodyLoggedIn() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger logins = new AtomicInteger();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (exchange.requestLine().contains("/slow")) {
                    await(gate);
                  }
                  idrac9(exchange, logins);
                });
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .bmc("overrides: [{address: 127.0.0.1, requests: 1}]")
                .yaml("limits: {bmcQueue: 1}")
                .start();
        RawClient browser = new RawClient(gateway.port());
        RawClient slow = new RawClient(gateway.port())) {
      String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "idrac9") + "\r\n";
      String other = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "idrac9") + "\r\n";
      browser.request("POST", IDRAC9_LOGIN, session + "Content-Length: 0\r\n");
      slow.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n" + other + "\r\n");
      Eventually.holds("the only place is taken", () -> bmc.exchanges().size() == 2);
      List<CompletableFuture<Integer>> next =
          List.of(waiting(gateway, other), waiting(gateway, other));
      assertEquals(503, CompletableFuture.anyOf(next.get(0), next.get(1)).get(20, SECONDS));
      String large = other + "Content-Length: 2097152\r\n";
      assertEquals(503, ask(gateway, "POST /upload", large, "its beginning"));
      gate.countDown();
      assertEquals(200, slow.answer().status());
      for (CompletableFuture<Integer> each : next) {
        each.get(20, SECONDS);
      }
      browser.request("POST", "/.gateway/logout", session);
      Eventually.holds("the logout at the BMC", () -> bmc.exchanges().size() == 4);
      assertTrue(bmc.exchanges().get(3).requestLine().startsWith("DELETE " + IDRAC9_LOGIN));
    }
  }

  private static CompletableFuture<Integer> waiting(GatewayFixture gateway, String session) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return ask(gateway, "GET /next", session, "");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task).start());
  }

  private static int ask(GatewayFixture gateway, String line, String headers, String body)
      throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send(line + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body);
      return browser.answer().status();
    }
  }

  @Test
  void whoFlashesComesBackToTheSameSessionOfTheBmc() throws Exception {
    try (Unit unit = Vendor.ASROCKRACK.start();
        GatewayFixture gateway = GatewayFixture.start(unit.port());
        RawClient browser = new RawClient(gateway.port())) {
      String session = unit.session(600);
      RawClient.Answer login = unit.logIn(browser, session);
      String csrf = login.text().replaceFirst("(?s).*\"CSRFToken\": *\"([^\"]+)\".*", "$1");
      String headers =
          login.values("Set-Cookie").get(0).split(";")[0]
              + "\r\nX-CSRFTOKEN: "
              + csrf
              + "\r\nContent-Length: 0\r\n";
      String flash = "/api/maintenance/flash";
      String before = session.replace("\r\n", "; " + headers);
      assertEquals(200, browser.request("PUT", flash, before).status());
      browser.request("POST", "/.gateway/logout", session);
      String after = unit.session(600).replace("\r\n", "; " + headers);
      assertEquals(200, browser.request("PUT", flash, after).status());
      assertEquals(1, unit.sessions().getAsInt());
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await(20, SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void idrac9(Exchange exchange, AtomicInteger logins) throws IOException {
    if (!exchange.requestLine().contains("/upload")) {
      exchange.body();
    }
    boolean login = exchange.requestLine().startsWith("POST " + IDRAC9_LOGIN);
    String session =
        "Set-Cookie: -http-session-=%d::abcdefgh; Path=/\r\nXSRF-TOKEN: 0123456789abcdef%02d\r\n";
    int number = login ? logins.incrementAndGet() : 0;
    exchange.ok(login ? session.formatted(number, number) : "", "{\"authResult\":0}");
  }
}
