package dev.janus.proof;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.janus.JanusQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A take sees what was done before the put, here in a plain field. */
@JCStressTest
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "nothing was taken")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "what was written before the put is seen after the take")
@Outcome(id = "0", expect = FORBIDDEN, desc = "taken, but not seen")
@State
public class Visibility {
    private final JanusQueue<String> queue = JanusQueue.fifo(1);
    private int written;

    @Actor
    public void putter() {
        written = 1;
        queue.sync().offer("element");
    }

    @Actor
    public void taker(I_Result seen) {
        seen.r1 = queue.sync().poll() == null ? -1 : written;
    }
}
