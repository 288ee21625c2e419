package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Somebody who was given a link to a simulated iDRAC9. */
record Customer(Browser browser, Idrac9Simulator bmc) {

  /** Follows a link. */
  HttpResponse<byte[]> followLink() throws IOException, InterruptedException {
    return browser.get("/gpsession?token=" + Tokens.mint(bmc.port(), "idrac9"), Map.of());
  }

  /** Follows a link: name and value of the session cookie. */
  String session() throws IOException, InterruptedException {
    return sessionCookie(followLink()).split(";")[0];
  }

  /** The session cookie that an answer sets, with its attributes. */
  static String sessionCookie(HttpResponse<byte[]> answer) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith("pm-session="))
        .findFirst()
        .orElseThrow();
  }

  /** A console of the BMC, opened as its own page does: log in, take a ticket, open the socket. */
  Console openConsole() throws IOException, InterruptedException {
    return openConsole(session());
  }

  /** The same; the socket is the first thing for which the given session cookie is used. */
  Console openConsole(String socketSession) throws IOException, InterruptedException {
    String session = session();
    HttpResponse<byte[]> login =
        browser.send(
            "POST",
            "/sysmgmt/2015/bmc/session",
            Map.of(
                "Cookie", session, "user", "\"root\"", "password", "\"" + bmc.password() + "\""));
    assertEquals(201, login.statusCode(), () -> text(login));
    String cookies = session + "; " + nameAndValue(login);
    HttpResponse<byte[]> ticket =
        browser.get(
            "/sysmgmt/2015/server/vconsole",
            Map.of(
                "Cookie",
                cookies,
                "XSRF-TOKEN",
                login.headers().firstValue("XSRF-TOKEN").orElseThrow()));
    assertEquals(200, ticket.statusCode(), () -> text(ticket));
    return Console.open(browser, socketSession + "; " + nameAndValue(login), text(ticket));
  }

  private static String nameAndValue(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
  }

  /** The body of an answer as text. */
  static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
