package dev.janus.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The time, and with {@code -prof gc} the bytes, that one put and one take of a thread cost if nobody waits. */
public class OneThreadBenchmark extends BenchmarkSettings {
    @Param
    public OneThread queue;

    private Contender contender;

    @Setup
    public void setUp() {
        contender = queue.getCreate().invoke();
    }

    @Benchmark
    public Object putAndTake() {
        contender.put(1);
        return contender.take();
    }
}
