package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.proxy.tls.CertificateCheck.Passed;
import io.github.bmcgateway.proxy.tls.TlsRules.Rule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a BMC on which nothing is sent before its certificate is found right. Jetty
 * closes a connection whose handshake came to nothing on one thread while others still read or
 * write, who then tell of the closing; here all of them tell why.
 */
final class CheckedConnection extends FairSslConnection {
  private final CertificateCheck check;

  /** Where the connection really goes to, whatever the request's URL says. */
  private final Endpoint bmc;

  /** How it has passed, once the handshake is through. */
  private volatile @Nullable Passed passed;

  /** Rules by which it would be made just so, if any are known. */
  private volatile @Nullable TlsRules fitting;

  private volatile @Nullable SSLException failure;

  CheckedConnection(
      SslClientConnectionFactory factory,
      EndPoint network,
      SSLEngine engine,
      CertificateCheck check) {
    super(
        factory.getByteBufferPool(),
        factory.getExecutor(),
        factory.getSslContextFactory(),
        network,
        engine,
        factory.isDirectBuffersForEncryption(),
        factory.isDirectBuffersForDecryption());
    this.check = check;
    this.fitting = check.rules();
    InetSocketAddress remote = (InetSocketAddress) network.getRemoteSocketAddress();
    this.bmc = new Endpoint(remote.getAddress(), remote.getPort());
    addHandshakeListener(new Listener());
  }

  /**
   * Whether it would be made, and pass, just so under the rules that are in force now. For who is
   * about to use it.
   */
  boolean isCurrent() {
    TlsRules now = check.rules();
    if (!now.equals(fitting)) {
      if (!fits(now.rule(bmc))) {
        return false;
      }
      fitting = now;
    }
    return true;
  }

  private boolean fits(Rule rule) {
    Passed known = passed;
    // The handshake begins with the first request, and by the rules of then.
    return known == null
        ? rule.tls() == LegacyTls.profileOf(getSSLEngine())
        : rule.equals(known.rule());
  }

  /** What the BMC showed in the handshake; empty before that, or if it has none. */
  Optional<Fingerprint> certificate() {
    return Optional.ofNullable(passed).flatMap(Passed::shown);
  }

  /** All that BMCs send is handled by the threads that find it. */
  @Override
  protected boolean isInline() {
    return true;
  }

  @Override
  protected SslEndPoint newSslEndPoint() {
    return new Plain();
  }

  /** Called under Jetty's lock, as the listener is, but before the connection is closed as well. */
  @Override
  protected SSLEngineResult wrap(SSLEngine engine, ByteBuffer[] plain, ByteBuffer encrypted)
      throws SSLException {
    SSLException known = failure;
    if (known != null && Arrays.stream(plain).anyMatch(ByteBuffer::hasRemaining)) {
      throw known;
    }
    return super.wrap(engine, plain, encrypted);
  }

  private final class Listener implements SslHandshakeListener {
    @Override
    public void handshakeSucceeded(Event event) throws SSLException {
      try {
        passed = check.check(bmc, CheckedConnection.this);
        fitting = null;
      } catch (SSLException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void handshakeFailed(Event event, Throwable cause) {
      failure = broken(cause);
      check.failed(bmc, cause);
    }
  }

  private SSLException broken(@Nullable Throwable cause) {
    SSLException known = failure;
    if (known != null) {
      return known;
    }
    if (cause instanceof SSLException tls) {
      return tls;
    }
    SSLException broken = new SSLHandshakeException("the connection broke in the handshake");
    if (cause != null) {
      broken.initCause(cause);
    }
    return broken;
  }

  /** Time-outs stay what they are. */
  private Throwable explained(Throwable cause) {
    return cause instanceof IOException && passed == null ? broken(cause) : cause;
  }

  /** The connection as it is without TLS, for requests and answers. */
  private final class Plain extends FairEndPoint {
    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      int filled;
      try {
        SSLException known = failure;
        if (known != null) {
          throw known;
        }
        filled = super.fill(buffer);
      } catch (IOException e) {
        throw passed != null ? e : broken(e);
      }
      if (filled < 0 && passed == null) {
        throw broken(null);
      }
      return filled;
    }

    @Override
    public void fillInterested(Callback callback) {
      super.fillInterested(explaining(callback));
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
      return super.tryFillInterested(explaining(callback));
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) throws WritePendingException {
      super.write(explaining(callback), buffers);
    }

    private Callback explaining(Callback callback) {
      if (passed != null) {
        return callback;
      }
      return new Callback.Nested(callback) {
        @Override
        public void failed(Throwable cause) {
          super.failed(explained(cause));
        }
      };
    }
  }
}
