package dev.janus.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The time per element of a {@link Stream}. A combination that is not possible has no result. */
public class StreamBenchmark extends BenchmarkSettings {
    @Param
    public Side from;

    @Param
    public Side to;

    @Param
    public Kind kind;

    @Param({"0", "1", "16", "64", "1024", "65536", "" + ContenderKt.UNBOUNDED})
    public int capacity;

    @Param({"1:1", "4:1", "1:4", "4:4"})
    public String shape;

    private Rounds rounds;

    @Setup
    public void setUp() {
        Stream stream = Stream.of(from, to, shape);
        if (!stream.isPossible(kind, capacity)) {
            throw new IllegalArgumentException("not possible: " + stream + ", " + kind.getTitle() + " of " + capacity);
        }
        rounds = new Rounds(count -> stream.nanosPerElement(kind.getCreate().invoke(capacity), count));
    }

    @Benchmark
    public void stream(Elements elements) {
        elements.element += rounds.next();
    }
}
