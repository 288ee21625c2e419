package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.bench.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One operation sends 2 MiB of text like minified JavaScript, in chunks of 8 KiB, through a replacer
 * of 20 literals. On a machine that has other work, only the figure of {@link CpuTime} tells.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReplacerBenchmark {
  private static final int TEXT_BYTES = 2 * 1024 * 1024;
  private static final int CHUNK_BYTES = 8 * 1024;

  /** How many bytes of text there are for each hit. */
  public enum Hits {
    NONE(0),
    SOME(80_000),
    DENSE(100);

    private final int distance;

    Hits(int distance) {
      this.distance = distance;
    }
  }

  /** Hits in the text: none, 26, and one in each 100 bytes. */
  @Param public Hits hits = Hits.NONE;

  /** Whether the chunks lie outside the heap, as those from the network do. */
  @Param({"false", "true"})
  public boolean direct;

  private final List<ByteBuffer> output = new ArrayList<>();
  private final ByteBufferPool pool = new ArrayByteBufferPool();
  private List<ByteBuffer> chunks = List.of();
  private List<ByteBuffer> coded = List.of();
  private LiteralSearch search = new LiteralSearch(literals());

  /** Makes the text. */
  @Setup(Level.Trial)
  public void makeText() {
    byte[] text =
        Script.text(TEXT_BYTES, List.of("https://10.20.30.40"), hits.distance)
            .getBytes(StandardCharsets.US_ASCII);
    chunks = cut(text);
    coded = cut(gzip(text));
    search = new LiteralSearch(literals());
  }

  /** The replacer by itself. */
  @Benchmark
  public void replace(Blackhole sink) {
    through(chunks, new StreamingReplacer(search), sink);
  }

  /** From gzip through the replacer to gzip again, as most scripts of BMCs go. */
  @Benchmark
  public void recode(Blackhole sink) {
    GunzipTransformer gunzip =
        new GunzipTransformer(pool, new GzipTransformer(new StreamingReplacer(search)));
    through(coded, gunzip, sink);
    gunzip.destroy();
  }

  /** What every exchange pays before its first byte. */
  @Benchmark
  public LiteralSearch prepare() {
    return new LiteralSearch(literals());
  }

  private void through(List<ByteBuffer> body, ContentTransformer transformer, Blackhole sink) {
    try {
      for (int i = 0; i < body.size(); i++) {
        transformer.transform(body.get(i), i == body.size() - 1, output);
        body.get(i).rewind();
        sink.consume(output);
        output.clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<ByteBuffer> cut(byte[] body) {
    return IntStream.iterate(0, at -> at < body.length, at -> at + CHUNK_BYTES)
        .mapToObj(at -> chunk(body, at, Math.min(CHUNK_BYTES, body.length - at)))
        .toList();
  }

  private ByteBuffer chunk(byte[] body, int at, int length) {
    ByteBuffer chunk = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
    return chunk.put(body, at, length).flip();
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return coded.toByteArray();
  }

  /** Twenty of 13 to 25 bytes: what moves a BMC's URLs, without those of its name. */
  private static List<Literal> literals() {
    return List.of("http:", "https:", "ws:", "wss:", "").stream()
        .flatMap(
            scheme ->
                List.of("//", "\\/\\/").stream()
                    .flatMap(
                        slashes ->
                            List.of("10.20.30.40", "10.20.30.40:443").stream()
                                .map(own -> scheme + slashes + own)))
        .map(url -> Literal.of(url, "https://pm.example.com", Follow.END_OF_AUTHORITY))
        .toList();
  }
}
