package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.ServedUnitBuilder;
import io.github.bmcgateway.sim.SimulatedBmc;
import io.github.bmcgateway.sim.TestCertificates;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;

/**
 * A double of Dell's iDRAC8 on loopback: serves its web pages on one port, console and virtual
 * media on another, refuses what firmware 2.60 to 2.86 refuses, and records what it was sent at
 * both. Its certificate is self-signed, {@code CN=idrac-<tag>}; both ports show it.
 *
 * <p>Use: {@code try (var bmc = Idrac8Simulator.builder().tag("XYZ8888").start()) { ... }}.
 * Thread-safe.
 */
public final class Idrac8Simulator extends SimulatedBmc {

  private final BmcServer console;
  private final Idrac8Site site;
  private final ConsolePort consolePort;

  private Idrac8Simulator(
      BmcServer web,
      BmcServer console,
      Idrac8Site site,
      ConsolePort consolePort,
      Identity identity) {
    super(web, identity);
    this.console = console;
    this.site = site;
    this.consolePort = consolePort;
  }

  /** A unit with everything at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** The bound port of console and media: 5900 on a real unit. */
  public int consolePort() {
    return console.port();
  }

  /** Logins in use; a leaked one stays for 30 minutes. */
  @Override
  public int sessionsInUse() {
    return site.sessionsInUse();
  }

  /** Firmware that was uploaded, in order. */
  public List<FirmwareImage> firmware() {
    return site.images();
  }

  /** How many upgrades at the console port came with a cookie; harmless but not needed. */
  public int consoleUpgradesWithCookies() {
    return consolePort.upgradesWithCookies();
  }

  @Override
  public void close() {
    console.close();
    super.close();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder extends ServedUnitBuilder<Builder> {

    private int consolePort;
    private HostCheck hostCheck = HostCheck.ADDRESS;
    private boolean language = true;
    private boolean cookieDomain;
    private boolean earlyCookie;
    private boolean truncatedRedfish;
    private int pluginType = 2;
    private boolean clearText;
    private int sessionPool = 4;
    private int maxRequests = 20;
    private long uploadBytesPerSecond;
    private Duration consoleKeepAlive = Duration.ofSeconds(30);
    private int frameBytes = 65_535;
    private long mediaReadBytes = 4L << 20;

    private Builder() {
      super(
          "XYZ8888",
          "Sim-ulated1",
          /* requestsPerConnection= */ 200,
          Duration.ofSeconds(60),
          /* maxConnections= */ 30);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Console port to bind; default 0, any free one. */
    public Builder consolePort(int value) {
      consolePort = value;
      return this;
    }

    /** Which {@code Host} is taken; default {@link HostCheck#ADDRESS}. */
    public Builder hostCheck(HostCheck value) {
      hostCheck = value;
      return this;
    }

    /** Answers of {@code /session} carry no {@code X_Language}; the login page stays blank. */
    public Builder omitLanguage() {
      language = false;
      return this;
    }

    /** The session cookie names the request's host as its domain. */
    public Builder cookieDomain() {
      cookieDomain = true;
      return this;
    }

    /** Each visitor gets a session's cookie at once, and the login gives none. */
    public Builder earlyCookie() {
      earlyCookie = true;
      return this;
    }

    /** Redfish breaks off its answer to a GET without credentials, as firmware 2.83.83.83 does. */
    public Builder truncatedRedfish() {
      truncatedRedfish = true;
      return this;
    }

    /** The console's plug-in: 0 ActiveX, 1 Java, 2 HTML5 (default). */
    public Builder pluginType(int value) {
      pluginType = value;
      return this;
    }

    /** The console port also speaks without TLS, and says so. */
    public Builder clearText() {
      clearText = true;
      return this;
    }

    /** Logins that fit; default 4. */
    public Builder sessionPool(int value) {
      sessionPool = value;
      return this;
    }

    /** More requests at a time get 503; default 20. */
    public Builder maxRequests(int value) {
      maxRequests = value;
      return this;
    }

    /** Firmware is read no faster than this. */
    public Builder slowUpload(long bytesPerSecond) {
      uploadBytesPerSecond = bytesPerSecond;
      return this;
    }

    /** A console socket that sends no heartbeat for so long is closed; default 30 s. */
    public Builder consoleKeepAlive(Duration value) {
      consoleKeepAlive = value;
      return this;
    }

    /** Largest message of the console; default and most 65535. */
    public Builder frameBytes(int value) {
      frameBytes = value;
      return this;
    }

    /** How much of an attached image is read; default 4 MiB. */
    public Builder mediaReadBytes(long value) {
      mediaReadBytes = value;
      return this;
    }

    /** Makes the unit and serves. */
    public Idrac8Simulator start() throws Exception {
      Idrac8Options options = options();
      KeyStore keyStore = TestCertificates.selfSigned("idrac-" + tag());
      MovingPicture picture =
          new MovingPicture(
              1024,
              768,
              tag(),
              List.of(
                  UnitValues.MODEL, "IDRAC8 " + UnitValues.FIRMWARE, "LIFECYCLE CONTROLLER: DONE"));
      ConsoleLogins logins = new ConsoleLogins();
      Idrac8Site site = new Idrac8Site(options, picture);
      BmcServer web = new BmcServer(serverOptions(port(), keyStore, TLS_1_2), site);
      web.limitRequests(maxRequests);
      web.answerBlankHost(Idrac8Site.NO_HOST);
      ConsolePort consoleSite = new ConsolePort(logins, picture, options, web.recorder());
      BmcServer console =
          new BmcServer(serverOptions(consolePort, keyStore, TLS_1_2), consoleSite, web);
      if (clearText) {
        console.speakClearTextToo();
      }
      consoleSite.serveOn(console);
      web.start();
      console.start();
      site.open(web.ownAuthority(), console.port(), logins, web.recorder());
      return new Idrac8Simulator(
          web,
          console,
          site,
          consoleSite,
          new Identity(tag(), options.user(), password(), keyStore));
    }

    private Idrac8Options options() {
      return new Idrac8Options(
          tag(),
          "root",
          password(),
          hostCheck,
          language,
          cookieDomain,
          earlyCookie,
          truncatedRedfish,
          pluginType,
          clearText,
          sessionPool,
          uploadBytesPerSecond,
          consoleKeepAlive,
          frameInterval(),
          frameBytes,
          mediaReadBytes);
    }
  }
}
