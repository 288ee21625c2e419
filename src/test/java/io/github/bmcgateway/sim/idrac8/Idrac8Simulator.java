package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.TestCertificates;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;

/**
 * A double of Dell's iDRAC8 on loopback: serves its web pages on one port, console and virtual
 * media on another, refuses what firmware 2.60 to 2.86 refuses, and records what it was sent.
 *
 * <p>Use: {@code try (var bmc = Idrac8Simulator.builder().tag("XYZ8888").start()) { ... }}.
 * Thread-safe.
 */
public final class Idrac8Simulator implements AutoCloseable {

  private final BmcServer web;
  private final BmcServer console;
  private final Idrac8Site site;
  private final ConsolePort consolePort;
  private final Idrac8Options options;
  private final KeyStore keyStore;

  private Idrac8Simulator(
      BmcServer web,
      BmcServer console,
      Idrac8Site site,
      ConsolePort consolePort,
      Idrac8Options options,
      KeyStore keyStore) {
    this.web = web;
    this.console = console;
    this.site = site;
    this.consolePort = consolePort;
    this.options = options;
    this.keyStore = keyStore;
  }

  /** A unit with everything at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** The bound port of the web pages: 443 on a real unit. */
  public int port() {
    return web.port();
  }

  /** The bound port of console and media: 5900 on a real unit. */
  public int consolePort() {
    return console.port();
  }

  /** Address and web port as the unit knows itself: the {@code Host} that it takes. */
  public String ownAuthority() {
    return web.ownAuthority();
  }

  /** Name of the one account. */
  public String user() {
    return options.user();
  }

  /** Password of the one account. */
  public String password() {
    return options.password();
  }

  /** The service tag. */
  public String tag() {
    return options.tag();
  }

  /** The unit's key and self-signed certificate, {@code CN=idrac-<tag>}; both ports show it. */
  public KeyStore keyStore() {
    return keyStore;
  }

  /** What arrived at both ports, and which rules were broken. */
  public Recorder recorder() {
    return web.recorder();
  }

  /** Logins in use; a leaked one stays for 30 minutes. */
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
    web.close();
  }

  /** Sets up a unit. Not thread-safe. */
  public static final class Builder {

    private String host = "127.0.0.1";
    private int port;
    private int consolePort;
    private String tag = "XYZ8888";
    private String password = "Sim-ulated1";
    private HostCheck hostCheck = HostCheck.ADDRESS;
    private boolean language = true;
    private boolean cookieDomain;
    private boolean truncatedRedfish;
    private int pluginType = 2;
    private boolean clearText;
    private Duration latencyMin = Duration.ZERO;
    private Duration latencyMax = Duration.ZERO;
    private int sessionPool = 4;
    private int requestsPerConnection = 200;
    private Duration idle = Duration.ofSeconds(60);
    private int maxConnections = 30;
    private int maxRequests = 20;
    private long uploadBytesPerSecond;
    private Duration consoleKeepAlive = Duration.ofSeconds(30);
    private Duration frameInterval = Duration.ofMillis(50);
    private int frameBytes = 65_535;
    private long mediaReadBytes = 4L << 20;

    private Builder() {}

    /** Loopback address to bind: {@code 127.0.0.1} (default), another of 127/8, or {@code ::1}. */
    public Builder host(String value) {
      host = value;
      return this;
    }

    /** Web port to bind; default 0, any free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** Console port to bind; default 0, any free one. */
    public Builder consolePort(int value) {
      consolePort = value;
      return this;
    }

    /** Service tag, shown on pages and screen; default {@code XYZ8888}. */
    public Builder tag(String value) {
      tag = value;
      return this;
    }

    /** Password of the account {@code root}. */
    public Builder password(String value) {
      password = value;
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

    /** Every answer takes a random time in this range; default none. Real units: 0.2 to 5 s. */
    public Builder latency(Duration min, Duration max) {
      latencyMin = min;
      latencyMax = max;
      return this;
    }

    /** Logins that fit; default 4. */
    public Builder sessionPool(int value) {
      sessionPool = value;
      return this;
    }

    /** A connection is closed after so many answers (default 200) or so long idle (60 s). */
    public Builder keepAlive(int requests, Duration idleTime) {
      requestsPerConnection = requests;
      idle = idleTime;
      return this;
    }

    /** More HTTP connections at a time are a violation; default 30 for each port. */
    public Builder maxConnections(int value) {
      maxConnections = value;
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

    /** Time between two pictures of the console; default 50 ms. */
    public Builder frameInterval(Duration value) {
      frameInterval = value;
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
      KeyStore keyStore = TestCertificates.selfSigned("idrac-" + tag);
      MovingPicture picture =
          new MovingPicture(
              1024,
              768,
              tag,
              List.of(
                  UnitValues.MODEL, "IDRAC8 " + UnitValues.FIRMWARE, "LIFECYCLE CONTROLLER: DONE"));
      ConsoleLogins logins = new ConsoleLogins();
      Idrac8Site site = new Idrac8Site(options, picture);
      BmcServer web = new BmcServer(serverOptions(port, keyStore), site);
      web.limitRequests(maxRequests);
      web.answerBlankHost(Idrac8Site.NO_HOST);
      ConsolePort consoleSite = new ConsolePort(logins, picture, options, web.recorder());
      BmcServer console = new BmcServer(serverOptions(consolePort, keyStore), consoleSite, web);
      if (clearText) {
        console.speakClearTextToo();
      }
      consoleSite.serveOn(console);
      web.start();
      console.start();
      site.open(web.ownAuthority(), console.port(), logins, web.recorder());
      return new Idrac8Simulator(web, console, site, consoleSite, options, keyStore);
    }

    private BmcServer.Options serverOptions(int boundPort, KeyStore keyStore) {
      return new BmcServer.Options(
          host,
          boundPort,
          keyStore,
          latencyMin,
          latencyMax,
          requestsPerConnection,
          idle,
          maxConnections,
          new BmcServer.Tls(List.of("TLSv1.2"), List.of()));
    }

    private Idrac8Options options() {
      return new Idrac8Options(
          tag,
          "root",
          password,
          hostCheck,
          language,
          cookieDomain,
          truncatedRedfish,
          pluginType,
          clearText,
          sessionPool,
          uploadBytesPerSecond,
          consoleKeepAlive,
          frameInterval,
          frameBytes,
          mediaReadBytes);
    }
  }
}
