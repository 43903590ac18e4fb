package dev.janus.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The time to hand an element to a waiting coroutine while others wait behind it. */
public class WaitersBenchmark extends BenchmarkSettings {
    @Param({"JANUS", "TRY_SEND_BLOCKING"})
    public Kind kind;

    @Param({"0", "1000", "100000"})
    public int others;

    private Waiters waiters;

    @Setup
    public void setUp() {
        waiters = new Waiters(kind, others);
    }

    @TearDown
    public void tearDown() {
        waiters.close();
    }

    @Benchmark
    public void put() {
        waiters.put(1);
    }
}
