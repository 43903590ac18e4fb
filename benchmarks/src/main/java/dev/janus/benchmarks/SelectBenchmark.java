package dev.janus.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The time of a {@code select} over several queues. */
public class SelectBenchmark extends BenchmarkSettings {
    private static final int TIMES = 1_000;

    @Param({"JANUS", "RUN_BLOCKING"})
    public Kind kind;

    @Param({"2", "8"})
    public int queues;

    private Selection selection;

    @Setup
    public void setUp() {
        selection = new Selection(kind, queues);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void findAtOnce() {
        selection.findAtOnce(TIMES);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void fallThrough() {
        selection.fallThrough(TIMES);
    }
}
