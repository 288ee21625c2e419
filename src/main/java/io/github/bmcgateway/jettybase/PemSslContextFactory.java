package io.github.bmcgateway.jettybase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a Jetty connector from a PEM certificate chain and a PEM private key (PKCS #8), taken up
 * again when they change.
 *
 * <p>Both files are looked at every {@link #setScanSeconds few seconds}, links followed, as
 * certificate clients replace links. A pair that can't be read, or whose halves don't belong
 * together, as between the two writes of a renewal, leaves the pair in use as it is. Open
 * connections keep the certificate they began with. TLS 1.2 and 1.3 only, whatever the JVM permits.
 *
 * <p>Thread-safe once started.
 */
public final class PemSslContextFactory extends SslContextFactory.Server {

  private static final Logger LOG = LoggerFactory.getLogger(PemSslContextFactory.class);

  /** Protects a key store that never leaves the memory; JSSE wants one to be there. */
  private static final String IN_MEMORY = "in-memory";

  private final Path certificateFile;
  private final Path keyFile;
  private int scanSeconds = 10;
  private State seen = State.NONE;
  private @Nullable Timer scanner;

  /**
   * Creates a factory for two files, which are read at start.
   *
   * @param certificateFile path of the PEM chain, the server's certificate first
   * @param keyFile path of its PEM key
   */
  public PemSslContextFactory(String certificateFile, String keyFile) {
    this.certificateFile = Path.of(certificateFile);
    this.keyFile = Path.of(keyFile);
    setIncludeProtocols("TLSv1.2", "TLSv1.3");
    setKeyStorePassword(IN_MEMORY);
  }

  /** Sets the time between two looks at the files, in seconds; 10 unless set. Before the start. */
  public void setScanSeconds(int scanSeconds) {
    this.scanSeconds = scanSeconds;
  }

  @Override
  protected void doStart() throws Exception {
    seen = State.of(certificateFile, keyFile);
    setKeyStore(readPair());
    super.doStart();
    Timer timer = new Timer("certificate-scanner", /* isDaemon= */ true);
    long period = TimeUnit.SECONDS.toMillis(scanSeconds);
    timer.schedule(new Scan(), period, period);
    scanner = timer;
  }

  @Override
  protected void doStop() throws Exception {
    Timer timer = scanner;
    if (timer != null) {
      timer.cancel();
      scanner = null;
    }
    super.doStop();
  }

  private KeyStore readPair() throws IOException, GeneralSecurityException {
    return PemKeyPair.read(certificateFile, keyFile).toKeyStore(IN_MEMORY);
  }

  private final class Scan extends TimerTask {

    @Override
    public void run() {
      try {
        State now = State.of(certificateFile, keyFile);
        if (!now.equals(seen)) {
          seen = now;
          KeyStore renewed = readPair();
          reload(factory -> factory.setKeyStore(renewed));
          LOG.info("took up the changed certificate in {}", certificateFile);
        }
      } catch (Exception e) {
        // An exception that left here would end the scanning for good.
        LOG.warn("kept the certificate in use: {}", e.toString());
      }
    }
  }

  /** What tells that a file was written or a link to it was changed. */
  private record State(FileState certificate, FileState key) {

    static final State NONE = new State(FileState.NONE, FileState.NONE);

    static State of(Path certificate, Path key) throws IOException {
      return new State(FileState.of(certificate), FileState.of(key));
    }
  }

  private record FileState(Path target, FileTime modified, long bytes) {

    static final FileState NONE = new FileState(Path.of(""), FileTime.fromMillis(0), 0);

    static FileState of(Path file) throws IOException {
      Path target = file.toRealPath();
      return new FileState(target, Files.getLastModifiedTime(target), Files.size(target));
    }
  }
}
