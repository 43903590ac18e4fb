package dev.janus.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The latency of a round trip from a thread to an {@link Echo} and back, through two queues of 1. */
@BenchmarkMode(Mode.SampleTime)
public class PingPongBenchmark extends BenchmarkSettings {
    @Param
    public Side echo;

    @Param({"JANUS", "TRY_SEND_BLOCKING", "ARRAY_BLOCKING_QUEUE", "LINKED_BLOCKING_QUEUE", "JOX"})
    public Kind kind;

    private Echo partner;

    @Setup
    public void setUp() {
        partner = new Echo(kind, echo);
    }

    @TearDown
    public void tearDown() {
        partner.close();
    }

    @Benchmark
    public Object roundTrip() {
        return partner.roundTrip(1);
    }
}
