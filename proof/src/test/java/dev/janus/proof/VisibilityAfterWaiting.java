package dev.janus.proof;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.janus.JanusQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Like {@link Visibility}, where each waits for the other, and both ways: a rendezvous, and an answer. */
@JCStressTest
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "each sees what the other wrote before it put")
@Outcome(expect = FORBIDDEN, desc = "taken, but not seen")
@State
public class VisibilityAfterWaiting {
    private final JanusQueue<String> there = JanusQueue.fifo(0);
    private final JanusQueue<String> back = JanusQueue.fifo(1);
    private int asked;
    private int answered;

    @Actor
    public void asker(II_Result seen) {
        asked = 1;
        pass(there, "question");
        take(back);
        seen.r2 = answered;
    }

    @Actor
    public void answerer(II_Result seen) {
        take(there);
        seen.r1 = asked;
        answered = 2;
        pass(back, "answer");
    }

    private static void pass(JanusQueue<String> queue, String element) {
        try {
            queue.sync().put(element);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private static void take(JanusQueue<String> queue) {
        try {
            queue.sync().take();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
