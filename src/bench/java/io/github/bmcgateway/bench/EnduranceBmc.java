package io.github.bmcgateway.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A BMC at every address of this machine: pages of a size that the path ends with ({@code
 * /x-20000}), scripts that a cache may keep, and an upload that is answered with its length.
 */
final class EnduranceBmc implements AutoCloseable {
  private static final int LARGEST = 1 << 20;

  private final Server server = new Server();

  EnduranceBmc(int port, Path certificate) throws Exception {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(Certificates.server(certificate));
    HttpConfiguration http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer(/* sniHostCheck= */ false));
    ServerConnector connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(tls, "http/1.1"),
            new HttpConnectionFactory(http));
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(new Pages());
    server.start();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private static final class Pages extends Handler.Abstract {
    private final byte[] body = new byte[LARGEST];

    Pages() {
      ThreadLocalRandom.current().nextBytes(body);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String path = Request.getPathInContext(request);
      response
          .getHeaders()
          .put(
              HttpHeader.CONTENT_TYPE,
              path.endsWith(".js") ? "text/javascript" : "application/octet-stream");
      ByteBuffer answer =
          request.getMethod().equals("POST")
              ? StandardCharsets.US_ASCII.encode(Long.toString(length(request)))
              : ByteBuffer.wrap(body, 0, size(path));
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.remaining());
      response.write(/* last= */ true, answer, callback);
      return true;
    }

    private static long length(Request request) throws Exception {
      long length = 0;
      try (var in = Content.Source.asInputStream(request)) {
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          length += read;
        }
      }
      return length;
    }

    /** The number behind the last dash, which may be followed by a suffix. */
    private static int size(String path) {
      String size = path.replaceFirst(".*-(\\d+)(\\.\\w+)?$", "$1");
      return size.equals(path) ? 1000 : Math.min(LARGEST, Integer.parseInt(size));
    }
  }
}
