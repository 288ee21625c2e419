package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.RequestRules;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.UnitServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The web server of a simulated MegaRAC SP-X: TLS 1.2 without ALPN, a thread for each connection,
 * and the connection limits of AMI's lighttpd. Thread-safe.
 */
final class WireServer implements UnitServer {

  private static final int BACKLOG = 256;
  private static final String[] SUITES = {
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  };

  /** Answers one request; may block. */
  @FunctionalInterface
  interface Site {
    Answer answer(WireRequest request) throws IOException;
  }

  private final AsrockrackOptions options;
  private final Recorder recorder = new Recorder();
  private final SSLContext tls;
  private final ServerSocket listener;
  private final RequestRules rules;
  private final Site site;
  private final Set<WireConnection> connections = new HashSet<>();
  private final Set<String> banned = new HashSet<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "megarac");
            thread.setDaemon(true);
            return thread;
          });
  private long downUntilNanos = System.nanoTime();

  WireServer(AsrockrackOptions options, KeyStore keyStore, Site site) throws IOException {
    this.options = options;
    this.site = site;
    tls = tls(keyStore);
    listener = new ServerSocket();
    listener.bind(
        new InetSocketAddress(InetAddress.getByName(options.host()), options.port()), BACKLOG);
    rules = new RequestRules(ownAuthority());
  }

  private static SSLContext tls(KeyStore keyStore) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore, TestCertificates.PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  void start() {
    threads.execute(this::accept);
  }

  AsrockrackOptions options() {
    return options;
  }

  @Override
  public Recorder recorder() {
    return recorder;
  }

  @Override
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public String ownAuthority() {
    String host = options.host();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /** Runs a task beside the connections, until it ends by itself. */
  void background(Runnable task) {
    threads.execute(task);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        admit(listener.accept());
      } catch (IOException e) {
        // Either closed, and the loop ends, or the peer was gone before it was accepted.
        continue;
      }
    }
  }

  private synchronized void admit(Socket socket) throws IOException {
    String address = socket.getInetAddress().getHostAddress();
    if (listener.isClosed() || isDown() || banned.contains(address)) {
      socket.close();
      return;
    }
    socket.setTcpNoDelay(true);
    WireConnection connection = new WireConnection(this, socket);
    connections.add(connection);
    long open = openFrom(address);
    if (open > options.maxConnections()) {
      recorder.violation(open + " connections at a time");
    }
    if (options.has(Quirk.BANS) && open >= options.banAt()) {
      ban(address);
      connections.remove(connection);
    } else {
      threads.execute(connection);
    }
  }

  /** The unit's firewall drops whatever comes from the address from now on, restarts included. */
  private void ban(String address) {
    recorder.violation("The address is locked out for too many connections: " + address);
    banned.add(address);
    List.copyOf(connections).stream()
        .filter(connection -> connection.remoteAddress().equals(address))
        .forEach(WireConnection::drop);
  }

  private long openFrom(String address) {
    return connections.stream()
        .filter(connection -> connection.remoteAddress().equals(address))
        .count();
  }

  /** Whether an address was locked out. */
  synchronized boolean isBanned(String address) {
    return banned.contains(address);
  }

  /** Connections open now, WebSockets included. */
  synchronized int openConnections() {
    return connections.size();
  }

  synchronized void ended(WireConnection connection) {
    connections.remove(connection);
  }

  /** The web server dies with every connection and is started again after a while. */
  synchronized void crash() {
    downUntilNanos = System.nanoTime() + options.restartTime().toNanos();
    List.copyOf(connections).forEach(WireConnection::drop);
  }

  private boolean isDown() {
    return System.nanoTime() < downUntilNanos;
  }

  SSLSocket encrypt(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    socket.setUseClientMode(false);
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    socket.setEnabledCipherSuites(SUITES);
    return socket;
  }

  void arrived(RecordedRequest request) {
    recorder.request(request);
    rules.violations(request).forEach(recorder::violation);
  }

  Answer answer(WireRequest request) throws IOException {
    return site.answer(request);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    synchronized (this) {
      List.copyOf(connections).forEach(WireConnection::drop);
      threads.shutdown();
    }
  }
}
