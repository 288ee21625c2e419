package io.github.bmcgateway.rewrite;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The processor time that an operation takes, with what the collector and the compiler take
 * meanwhile; unlike the wall clock, it holds on a machine that has other work.
 */
public final class CpuTime implements InternalProfiler {
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long begin;

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    begin = process.getProcessCpuTime();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long nanos = process.getProcessCpuTime() - begin;
    long operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult("cpu.norm", nanos / 1e3 / operations, "us/op", AggregationPolicy.AVG));
  }

  @Override
  public String getDescription() {
    return "Processor time for each operation";
  }
}
