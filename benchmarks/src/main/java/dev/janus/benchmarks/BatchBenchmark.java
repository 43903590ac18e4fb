package dev.janus.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The time per element of a {@link Batch}. */
public class BatchBenchmark extends BenchmarkSettings {
    @Param
    public Batch batch;

    private Rounds rounds;

    @Setup
    public void setUp() {
        rounds = new Rounds(batch::nanosPerElement);
    }

    @Benchmark
    public void batch(Elements elements) {
        elements.element += rounds.next();
    }
}
