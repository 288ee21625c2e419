package io.github.bmcgateway.proxy.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A web server on loopback with a choice of TLS: certificate, versions, suites. Answers every
 * request with 200, and keeps connections open.
 */
public final class OldServer implements AutoCloseable {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n%s\r\nok";

  private final SSLServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<SSLSocket> open = ConcurrentHashMap.newKeySet();
  private final List<byte[]> sessions = new CopyOnWriteArrayList<>();
  private final OneKey key;
  private volatile int requests;
  private volatile boolean hangsUp;

  private OldServer(Provider provider, OneKey key, String protocol, String... suites)
      throws IOException, GeneralSecurityException {
    this.key = key;
    SSLContext context = SSLContext.getInstance("TLS", provider);
    context.init(new KeyManager[] {key}, null, new SecureRandom());
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setEnabledProtocols(new String[] {protocol});
    if (suites.length > 0) {
      server.setEnabledCipherSuites(suites);
    }
    threads.execute(this::accept);
  }

  /** A server by Bouncy Castle, which still speaks what is old. */
  public static OldServer start(
      OldCertificates.Identity identity, String protocol, String... suites) throws Exception {
    return new OldServer(
        LegacyTls.load().context().getProvider(), new OneKey(identity), protocol, suites);
  }

  /** A server by the JDK. */
  public static OldServer jdk(OldCertificates.Identity identity, String protocol) throws Exception {
    return new OldServer(
        SSLContext.getInstance("TLS").getProvider(), new OneKey(identity), protocol);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Requests so far. */
  public int requests() {
    return requests;
  }

  /** Uses of its key so far: some in each handshake that doesn't resume a session. */
  public int keyUses() {
    return key.used.get();
  }

  /** Connections that are open now. */
  public int connections() {
    return open.size();
  }

  /** The session of each connection on which a request came. */
  public List<byte[]> sessions() {
    return sessions;
  }

  /** From now on it ends each connection with its first answer. */
  public void hangUp() {
    hangsUp = true;
  }

  private void accept() {
    try {
      while (true) {
        SSLSocket socket = (SSLSocket) server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private void serve(SSLSocket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      int matched = 0;
      while (true) {
        int b = in.read();
        if (b < 0) {
          return;
        }
        matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        if (matched == 4) {
          matched = 0;
          requests++;
          sessions.add(socket.getSession().getId());
          String more = hangsUp ? "Connection: close\r\n" : "";
          socket
              .getOutputStream()
              .write(ANSWER.formatted(more).getBytes(StandardCharsets.US_ASCII));
          if (hangsUp) {
            return;
          }
        }
      }
    } catch (IOException over) {
      // Broken off by the client, as many handshakes here are.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SSLSocket socket : open) {
      socket.close();
    }
  }

  /** Shows the same certificate whatever the client says that it likes. */
  private static final class OneKey extends X509ExtendedKeyManager {
    private final OldCertificates.Identity identity;
    private final AtomicInteger used = new AtomicInteger();

    OneKey(OldCertificates.Identity identity) {
      this.identity = identity;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return fits(keyType) ? new String[] {"old"} : null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return fits(keyType) ? "old" : null;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return fits(keyType) ? "old" : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {identity.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      used.incrementAndGet();
      return identity.keys().getPrivate();
    }

    private boolean fits(String keyType) {
      return keyType.contains("EC") == identity.keys().getPublic().getAlgorithm().contains("EC")
          || keyType.contains("RSA") && !identity.keys().getPublic().getAlgorithm().contains("EC");
    }
  }
}
